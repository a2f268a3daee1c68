package io.stepstream.dev.progress;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A history event as far as the display needs it.
 *
 * @param id from 1, without gaps
 * @param previousId the event that led to this one; 0 for the first
 * @param type AWS's name, for example {@code TaskStateEntered}
 * @param name of the state, where the event has one
 * @param index of the iteration, where the event has one; else -1
 * @param length number of items of a Map state that starts; else -1
 * @param output JSON, of the execution's success
 */
public record HistoryStep(
    long id,
    long previousId,
    Instant at,
    String type,
    @Nullable String name,
    int index,
    int length,
    @Nullable String error,
    @Nullable String cause,
    @Nullable String output) {

  /** An event of the execution as a whole. */
  public static HistoryStep ofExecution(long id, Instant at, String type) {
    return new HistoryStep(id, id - 1, at, type, null, -1, -1, null, null, null);
  }

  boolean entersState() {
    return type.endsWith("StateEntered");
  }

  boolean leavesState() {
    return type.endsWith("StateExited");
  }

  /** An attempt of a task starts. */
  boolean schedulesTask() {
    return type.equals("TaskScheduled")
        || type.equals("LambdaFunctionScheduled")
        || type.equals("ActivityScheduled");
  }

  /**
   * An attempt of a task, or an iteration, or a branch has failed; the state may yet retry or catch
   * it.
   */
  boolean fails() {
    return !endsExecution()
        && (type.endsWith("Failed") || type.endsWith("TimedOut"))
        && !type.startsWith("MapIteration");
  }

  /** The last event of an execution. */
  public boolean endsExecution() {
    return switch (type) {
      case "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted" -> true;
      default -> false;
    };
  }
}
