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

  /** AWS's limits of an error name and of a cause, in characters. */
  private static final int MAX_ERROR = 256;

  private static final int MAX_CAUSE = 32_768;

  /**
   * Workers and expressions may give texts of any length. What is beyond AWS's limits is cut off: a
   * failure travels in several fields of several records, which must fit their topics.
   */
  Failure {
    error = cut(error, MAX_ERROR);
    cause = cut(cause, MAX_CAUSE);
  }

  static Failure of(@Nullable String error, @Nullable String cause) {
    return new Failure(error, cause, false);
  }

  boolean isRuntime() {
    return RUNTIME.equals(error);
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    if (text == null || text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }

  /**
   * Whether a retrier or catcher which names these errors is meant. {@code States.Runtime} is for
   * nobody: the recordings show that even a catcher which names it doesn't get it. {@code
   * States.DataLimitExceeded} is matched by {@code States.ALL}, as recorded and against the written
   * documentation.
   */
  boolean isOneOf(java.util.List<String> errorEquals) {
    if (isRuntime()) {
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
