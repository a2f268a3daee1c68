package io.stepstream.asl.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which executions can be redriven, in AWS's words. */
public final class RedriveRules {

  /** So long after its end an execution can be redriven, and keeps what that takes. */
  public static final Duration PERIOD = Duration.ofDays(14);

  /** The refusal where the machine's definition went with the machine. */
  public static final String MACHINE_DELETED = "State machine is in DELETING status";

  /** AWS's longest time from the start of an execution to its end. */
  private static final Duration LONGEST_OPEN = Duration.ofDays(365);

  private RedriveRules() {}

  /** After this moment an execution can't be redriven, however late it ended. */
  static long latestEnd(long startMillis) {
    return startMillis + LONGEST_OPEN.toMillis();
  }

  /**
   * Why an execution cannot be redriven; null: it can.
   *
   * @param stopMillis when it ended; null while it runs
   */
  public static @Nullable String refusal(
      Execution.Status status, long startMillis, @Nullable Long stopMillis, long nowMillis) {
    return switch (status) {
      case RUNNING, SUCCEEDED -> "Execution is " + status + " and cannot be redriven";
      case FAILED, TIMED_OUT, ABORTED -> {
        if (nowMillis - startMillis > LONGEST_OPEN.toMillis()) {
          yield "Execution has exceeded the max execution time";
        }
        yield stopMillis == null || nowMillis - stopMillis > PERIOD.toMillis()
            ? "Execution redrivable period exceeded"
            : null;
      }
    };
  }
}
