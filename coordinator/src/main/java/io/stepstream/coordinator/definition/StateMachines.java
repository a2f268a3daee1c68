package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineDeletion;
import io.stepstream.schemas.StateMachineRevision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The state machines of this installation.
 *
 * <p>Every stage completes exceptionally only with {@link
 * io.stepstream.coordinator.execution.Unavailable}.
 */
public final class StateMachines {

  private final DefinitionLog log;

  StateMachines(DefinitionLog log) {
    this.log = log;
  }

  /**
   * Defines a machine and answers when this node knows it. Idempotent as AWS's action: the same
   * request again gives the machine that is there, whatever its role and tags.
   */
  public CompletionStage<CreateOutcome> create(CreateRequest request) {
    MachineChanges.Creation creation = new MachineChanges.Creation(request);
    return log.change(() -> creation.decide(log.known(), log.now()), CreateOutcome.TooLarge::new);
  }

  /**
   * Defines an Express machine for the one who asks, to start an execution of it at once: it is in
   * no list and can't be started by its ARN, and it is forgotten when an execution of that age can
   * run no more.
   *
   * @param request under an ARN that no machine has had
   */
  public CompletionStage<Startable.Revision> createUnlisted(CreateRequest request) {
    MachineChanges.Creation creation = new MachineChanges.Creation(request);
    return log.change(() -> creation.decideUnlisted(log.now()))
        .thenApply(
            revision ->
                log.known()
                    .defined(revision.getStateMachineArn(), revision.getRevisionId())
                    .map(defined -> new Startable.Revision(revision, defined.offset(), null))
                    .orElseThrow());
  }

  /**
   * Gives a machine a new revision and answers when this node knows it; nothing is written where
   * nothing changes.
   */
  public CompletionStage<UpdateOutcome> update(UpdateRequest request) {
    return log.change(
        () -> MachineChanges.update(request, log.known(), log.now()), UpdateOutcome.TooLarge::new);
  }

  /**
   * Begins to delete a machine, with its versions, aliases and tags; one that isn't there is
   * deleted already. The machine is gone when no execution of it runs any more, see {@link
   * #deletions}.
   */
  public CompletionStage<Void> delete(String stateMachineArn) {
    return log.change(() -> MachineChanges.delete(stateMachineArn, log.known(), log.now()))
        .thenApply(_ -> null);
  }

  /** The machines whose revisions are still there although they were deleted. */
  public List<StateMachineDeletion> deletions() {
    return log.known().deletions();
  }

  /** Forgets the revisions of a deleted machine: no execution can need them any more. */
  public CompletionStage<Void> forget(StateMachineDeletion deletion) {
    return log.change(() -> MachineChanges.forget(deletion, log.known())).thenApply(_ -> null);
  }

  /**
   * The machines there are, in the order in which they were last changed: one that changes while
   * the list is read may be in it twice, and none is missed.
   *
   * @param after only those behind this offset; -1: all
   */
  public CompletionStage<DefinitionPage<StateMachineRevision>> list(long after, int maxResults) {
    return log.list(
        () -> DefinitionPage.of(log.known().machines(after, maxResults + 1), maxResults));
  }

  /** A revision, of a machine that may have been deleted since. */
  public CompletionStage<Optional<StateMachineRevision>> revision(
      String stateMachineArn, String revisionId) {
    return log.look(() -> log.known().revision(stateMachineArn, revisionId));
  }

  /**
   * The current revision of a machine. Empty only after a look at the end of the topic: a machine
   * which another node has just defined is never said not to exist. The same holds of {@link
   * #startable} and {@link #describe}.
   */
  public CompletionStage<Optional<Defined<StateMachineRevision>>> current(String stateMachineArn) {
    return log.look(() -> log.known().current(stateMachineArn));
  }

  /** What a start by an ARN comes to, which may be a version's or an alias'. */
  public CompletionStage<Optional<Startable>> startable(String arn) {
    return log.look(() -> Startable.of(log.known(), arn));
  }

  /** A machine or a version; one that is being deleted too. */
  public CompletionStage<Optional<DescribedMachine>> describe(String arn) {
    return log.look(() -> MachineChanges.describe(log.known(), MachineRef.of(arn)));
  }
}
