package io.stepstream.asl.engine;

import org.jspecify.annotations.Nullable;

/**
 * The header of an execution. Its input lies in a row of its own, so that a transition does not
 * rewrite it.
 *
 * @param express true: the execution is of the Express lane
 * @param nextEventId id of the next history event
 * @param nextFrameId id of the next frame; the root is frame 1
 * @param transitions state visits so far
 * @param deadlineMillis when it times out; null: never
 * @param stopMillis when it ended; null while it runs
 * @param redriveMillis when it was redriven last; null: never
 * @param part what it is of a Map run; null: it is none's
 * @param triggered whether a record of a topic has started it, of which its context object tells
 */
public record Execution(
    String arn,
    String name,
    String stateMachineArn,
    String roleArn,
    boolean express,
    Status status,
    long startMillis,
    @Nullable Long stopMillis,
    @Nullable Long deadlineMillis,
    long nextEventId,
    long nextFrameId,
    long transitions,
    int redriveCount,
    @Nullable Long redriveMillis,
    @Nullable Part part,
    boolean triggered) {

  /** After a step that did not end it. */
  Execution advanced(long eventId, long frameId, long visits) {
    return new Execution(
        arn,
        name,
        stateMachineArn,
        roleArn,
        express,
        status,
        startMillis,
        stopMillis,
        deadlineMillis,
        eventId,
        frameId,
        visits,
        redriveCount,
        redriveMillis,
        part,
        triggered);
  }

  /** Ended; no deadline is left to be met. */
  Execution ended(Status how, long atMillis) {
    return new Execution(
        arn,
        name,
        stateMachineArn,
        roleArn,
        express,
        how,
        startMillis,
        atMillis,
        null,
        nextEventId,
        nextFrameId,
        transitions,
        redriveCount,
        redriveMillis,
        part,
        triggered);
  }

  /**
   * Running again, as the same execution.
   *
   * @param deadline of this attempt; null: none
   */
  Execution redriven(long atMillis, @Nullable Long deadline, @Nullable Part partNow) {
    return new Execution(
        arn,
        name,
        stateMachineArn,
        roleArn,
        express,
        Status.RUNNING,
        startMillis,
        null,
        deadline,
        nextEventId,
        nextFrameId,
        transitions,
        redriveCount + 1,
        atMillis,
        partNow,
        triggered);
  }

  /** The same, of another redrive of the Map run. */
  Execution as(Part.Child partNow) {
    return new Execution(
        arn,
        name,
        stateMachineArn,
        roleArn,
        express,
        status,
        startMillis,
        stopMillis,
        deadlineMillis,
        nextEventId,
        nextFrameId,
        transitions,
        redriveCount,
        redriveMillis,
        partNow,
        triggered);
  }

  /**
   * A shard that rests, or that goes on.
   *
   * @param restsSince null: it goes on
   */
  Execution resting(@Nullable Long restsSince) {
    return new Execution(
        arn,
        name,
        stateMachineArn,
        roleArn,
        express,
        status,
        startMillis,
        restsSince,
        deadlineMillis,
        nextEventId,
        nextFrameId,
        transitions,
        redriveCount,
        redriveMillis,
        part,
        triggered);
  }

  /** What an execution is of a distributed Map. */
  public sealed interface Part {

    /** Pointer of the Map state's processor in the definition. */
    String flow();

    /**
     * A child execution: it runs the processor and tells its shard how it ended.
     *
     * @param index number of the child within the shard
     * @param redrive which redrive of the Map run has begun it or has redriven it; 0: none yet
     */
    record Child(String flow, String shardArn, int index, int redrive) implements Part {}

    /**
     * A shard of a Map run: nobody sees it, and it has no history. It is RUNNING for as long as it
     * is there; while it rests, stopMillis tells since when.
     */
    record Shard(String flow) implements Part {}
  }

  /** AWS's execution statuses. */
  public enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    ABORTED
  }

  public static final long ROOT_FRAME = 1;

  public boolean running() {
    return status == Status.RUNNING;
  }

  /** It has ended, and not well. */
  boolean unsuccessful() {
    return switch (status) {
      case FAILED, TIMED_OUT, ABORTED -> true;
      case RUNNING, SUCCEEDED -> false;
    };
  }

  /** Its timer of TimeoutSeconds; that of an earlier attempt is another one. */
  TimerKey timeout() {
    return new TimerKey(0, redriveCount, TimerKey.Purpose.EXECUTION_TIMEOUT);
  }
}
