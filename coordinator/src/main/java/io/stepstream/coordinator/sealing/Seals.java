package io.stepstream.coordinator.sealing;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealPolicy;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.ExecutionKey;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens what coordinators write and read, by the encryption of the machine that it
 * belongs to. Thread safe. Where no machine names a key, it costs a look at a counter.
 */
public final class Seals {

  private final PayloadKeys keys;
  private final SealPolicies policies;

  public Seals(PayloadKeys keys, SealPolicies policies) {
    this.keys = keys;
    this.policies = policies;
  }

  /** Of installations where nothing is ever sealed. */
  public static Seals none() {
    return new Seals(PayloadKeys.NONE, SealPolicies.NONE);
  }

  public PayloadKeys keys() {
    return keys;
  }

  /**
   * What an execution's payloads are sealed with: as its own revision says, whatever the machine's
   * later ones do.
   *
   * @param stateMachineArn of the machine that has the definition
   * @throws KeyUnavailableException the key is not there
   */
  public Seal ofRevision(String stateMachineArn, String revisionId) {
    if (!policies.areAny()) {
      return Seal.NONE;
    }
    return seal(stateMachineArn, policies.ofRevision(stateMachineArn, revisionId));
  }

  /**
   * The same for what runs without its definition, which may not have arrived here yet.
   *
   * @throws KeyUnavailableException the definition or the key is not there
   */
  public Seal ofShard(String stateMachineArn, String revisionId) {
    if (!policies.isKnown(stateMachineArn, revisionId)) {
      throw new KeyUnavailableException(
          "Revision '%s' of '%s' is not known here yet, nor whether it names a key"
              .formatted(revisionId, stateMachineArn));
    }
    return ofRevision(stateMachineArn, revisionId);
  }

  /** For what is said to an execution of which no more than the ARN is known. */
  public Seal ofExecution(String executionArn) {
    if (!policies.areAny()) {
      return Seal.NONE;
    }
    String machine = ExecutionKey.machineArn(executionArn);
    return seal(machine, policies.ofMachine(machine));
  }

  private Seal seal(String owner, @Nullable SealPolicy policy) {
    return policy == null ? Seal.NONE : keys.seal(owner, policy);
  }

  /** Whether any execution of the machine may be sealed. */
  public boolean mayBeSealed(String executionArn) {
    return policies.areAny() && policies.ofMachine(ExecutionKey.machineArn(executionArn)) != null;
  }

  /**
   * Seals the payloads of a message, in place.
   *
   * @throws KeyUnavailableException the receiver's key is not there
   */
  public void seal(Envelope envelope) {
    if (!policies.areAny()) {
      return;
    }
    String arn = envelope.getExecutionArn();
    switch (envelope.getBody()) {
      case LaunchExecution launch ->
          SealedFields.seal(
              envelope, ofRevision(launch.getStateMachineArn(), launch.getRevisionId()), arn);
      case StartShard start ->
          SealedFields.seal(
              envelope, ofRevision(start.getStateMachineArn(), start.getRevisionId()), arn);
      case LaunchChild child ->
          SealedFields.seal(
              envelope, ofRevision(ExecutionKey.machineArn(arn), child.getRevisionId()), arn);
      // Stays sealed until a worker has taken it, so it is of the execution, not of the activity.
      case OfferedTask task ->
          SealedFields.seal(task, ofOffer(arn, task.getExecutionArn()), task.getExecutionArn());
      default -> SealedFields.seal(envelope, ofExecution(arn), arn);
    }
  }

  private Seal ofOffer(String activityArn, String executionArn) {
    Seal seal = ofExecution(executionArn);
    return seal.isNone() ? seal(activityArn, policies.ofActivity(activityArn)) : seal;
  }

  /**
   * Opens the payloads of a message, in place, but not of a task that waits for a worker.
   *
   * @return null: they are open
   */
  public @Nullable SealProblem open(Envelope envelope) {
    return envelope.getBody() instanceof OfferedTask
        ? null
        : open(envelope, envelope.getExecutionArn());
  }

  /**
   * Opens the payloads of a record, in place.
   *
   * @return null: they are open
   */
  public @Nullable SealProblem open(SpecificRecord record, String executionArn) {
    return SealedFields.open(record, keys, executionArn);
  }

  /** Of the latest revision that names a key; null: none does. */
  public @Nullable SealPolicy policyOfMachine(String stateMachineArn) {
    return policies.ofMachine(stateMachineArn);
  }

  /** Null: the activity names no key. */
  public @Nullable SealPolicy policyOfActivity(String activityArn) {
    return policies.ofActivity(activityArn);
  }

  /** Why nothing could be sealed as a machine wants it; null: it could. */
  public @Nullable String problem(SealPolicy policy) {
    return keys.problem(policy.keyId());
  }
}
