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
    int redriveCount) {

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
}
