package io.stepstream.coordinator.shell;

import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.TriggeredBy;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.Opened;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers with which executions and shards of a lane begin. */
final class NewHeaders {

  /** Of what nobody starts by name, so that nobody asks whether it was with the same input. */
  private static final ByteBuffer NO_HASH = ByteBuffer.allocate(0);

  private final LaneSettings lane;

  NewHeaders(LaneSettings lane) {
    this.lane = lane;
  }

  /**
   * @param generation in which it is placed
   * @param onCompletion who is told how it ends; null: nobody
   * @param seal of the execution: a hash tells who guesses the input that the guess is right
   */
  ExecutionRow launched(
      ExecutionKey key,
      int generation,
      LaunchExecution launch,
      Definitions.Runnable machine,
      @Nullable ReplyTo onCompletion,
      Seal seal) {
    return header(
        key,
        generation,
        launch.getStateMachineArn(),
        launch.getRevisionId(),
        launch.getName(),
        launch.getRequestedAt(),
        sealed(inputHash(launch), key, seal),
        machine.revision().getRoleArn(),
        launch.getTraceHeader(),
        onCompletion,
        transitionsLogged(machine),
        null,
        launch.getStartedBy(),
        launch.getParent() == null ? List.of() : List.of(launch.getParent()),
        launch.getTriggered() == null ? null : launch.getTriggered().getBy());
  }

  ExecutionRow child(
      ExecutionKey key, int generation, LaunchChild launch, Definitions.Runnable machine) {
    return partOfMapRun(
        key,
        generation,
        launch.getStateMachineArn(),
        launch.getRevisionId(),
        launch.getName(),
        launch.getRequestedAt(),
        launch.getRoleArn(),
        launch.getTraceHeader(),
        transitionsLogged(machine),
        launch.getChild());
  }

  ExecutionRow shard(ExecutionKey key, int generation, StartShard start, long nowMillis) {
    return partOfMapRun(
        key,
        generation,
        start.getStateMachineArn(),
        start.getRevisionId(),
        key.arn().substring(key.arn().lastIndexOf(':') + 1),
        Instant.ofEpochMilli(nowMillis),
        start.getRoleArn(),
        start.getTraceHeader(),
        false,
        new ShardPart(start.getRun().getFlow()));
  }

  /** Of a shard of which nothing is here, not even whose it was. */
  ExecutionRow unknownShard(ExecutionKey key, int generation, long nowMillis) {
    return partOfMapRun(
        key,
        generation,
        "",
        "",
        "",
        Instant.ofEpochMilli(nowMillis),
        "",
        null,
        false,
        new ShardPart(""));
  }

  /**
   * What tells a repeated start from another one with the same name. Express ARNs are never given
   * twice, so a second launch can only be the first one again.
   */
  private ByteBuffer inputHash(LaunchExecution launch) {
    if (lane.express()) {
      return NO_HASH.duplicate();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(launch.getInput().duplicate());
      return ByteBuffer.wrap(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static ByteBuffer sealed(ByteBuffer hash, ExecutionKey key, Seal seal) {
    return seal.isNone() || !hash.hasRemaining()
        ? hash
        : Payloads.of(seal.bytes(Payloads.bytes(hash), context(key.arn())));
  }

  private static String context(String executionArn) {
    return executionArn + "#ExecutionRow.inputHash";
  }

  /**
   * Whether a launch has the input that an execution began with.
   *
   * @throws KeyUnavailableException the key to what is known of that input is missing
   */
  boolean isSameInput(ExecutionRow existing, LaunchExecution launch, PayloadKeys keys) {
    byte[] hash = Payloads.bytes(existing.getInputHash());
    return switch (keys.open(hash, context(existing.getExecutionArn()))) {
      case Opened.Payload(byte[] open) -> Payloads.of(open).equals(inputHash(launch));
      case Opened.Closed(SealProblem.KeyMissing(String reason)) ->
          throw new KeyUnavailableException(reason);
      case Opened.Closed(SealProblem.Tampered _) -> false;
    };
  }

  private boolean transitionsLogged(Definitions.Runnable machine) {
    return !lane.express() || (lane.transitions() && machine.revision().getTransitionsLogged());
  }

  private static ExecutionRow partOfMapRun(
      ExecutionKey key,
      int generation,
      String stateMachineArn,
      String revisionId,
      String name,
      Instant startDate,
      String roleArn,
      @Nullable String traceHeader,
      boolean transitionsLogged,
      Object part) {
    return header(
        key,
        generation,
        stateMachineArn,
        revisionId,
        name,
        startDate,
        NO_HASH.duplicate(),
        roleArn,
        traceHeader,
        null,
        transitionsLogged,
        part,
        null,
        List.of(),
        null);
  }

  private static ExecutionRow header(
      ExecutionKey key,
      int generation,
      String stateMachineArn,
      String revisionId,
      String name,
      Instant startDate,
      ByteBuffer inputHash,
      String roleArn,
      @Nullable String traceHeader,
      @Nullable ReplyTo onCompletion,
      boolean transitionsLogged,
      @Nullable Object part,
      @Nullable StartedBy startedBy,
      List<ParentTask> parents,
      @Nullable TriggeredBy triggeredBy) {
    return new ExecutionRow(
        key.arn(),
        stateMachineArn,
        revisionId,
        name,
        ExecutionStatus.RUNNING,
        startDate,
        null,
        null,
        1L,
        1L,
        0L,
        inputHash,
        roleArn,
        traceHeader,
        0,
        onCompletion,
        transitionsLogged,
        part,
        null,
        List.of(),
        startedBy,
        parents,
        triggeredBy,
        null,
        generation);
  }
}
