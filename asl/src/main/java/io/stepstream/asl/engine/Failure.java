package io.stepstream.asl.engine;

import org.jspecify.annotations.Nullable;

/**
 * Why a state or a flow failed.
 *
 * @param missedHeartbeat a States.Timeout which catchers and retriers may also name
 *     States.HeartbeatTimeout
 */
record Failure(@Nullable String error, @Nullable String cause, boolean missedHeartbeat) {

  static final String RUNTIME = "States.Runtime";
  static final String TIMEOUT = "States.Timeout";
  static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";

  static Failure of(@Nullable String error, @Nullable String cause) {
    return new Failure(error, cause, false);
  }

  /**
   * Whether a retrier or catcher which names these errors is meant. {@code States.Runtime} is for
   * nobody: the recordings show that even a catcher which names it doesn't get it. {@code
   * States.DataLimitExceeded} is matched by {@code States.ALL}, as recorded and against the written
   * documentation.
   */
  boolean isOneOf(java.util.List<String> errorEquals) {
    if (RUNTIME.equals(error)) {
      return false;
    }
    for (String name : errorEquals) {
      boolean matches =
          switch (name) {
            case "States.ALL" -> true;
            case "States.TaskFailed" -> !TIMEOUT.equals(error);
            case "States.HeartbeatTimeout" -> missedHeartbeat || name.equals(error);
            default -> name.equals(error);
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }
}
