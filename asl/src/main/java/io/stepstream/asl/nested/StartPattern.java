package io.stepstream.asl.nested;

import org.jspecify.annotations.Nullable;

/** How a Task state starts an execution. */
public enum StartPattern {
  /** The task has succeeded when the execution is started. */
  REQUEST,
  /** The task ends with the execution; payloads are told as text. */
  SYNC,
  /** The task ends with the execution; payloads are told as JSON. */
  SYNC_2,
  /** The task ends by its token. */
  TOKEN;

  private static final String CALL = ":states:startExecution";

  /** Null: a task of that Resource starts no execution. */
  public static @Nullable StartPattern of(String resource) {
    int call = resource.indexOf(CALL);
    if (call < 0 || !isOfStates(resource.substring(0, call).split(":", -1))) {
      return null;
    }
    return switch (resource.substring(call + CALL.length())) {
      case "" -> REQUEST;
      case ".sync" -> SYNC;
      case ".sync:2" -> SYNC_2;
      case ".waitForTaskToken" -> TOKEN;
      default -> null;
    };
  }

  /** {@code arn:PARTITION:states:REGION:ACCOUNT}, the latter two empty as a rule. */
  private static boolean isOfStates(String[] parts) {
    return parts.length == 5 && parts[0].equals("arn") && parts[2].equals("states");
  }

  /** Whether the task ends with the execution, and the execution is stopped with the task. */
  public boolean isSync() {
    return this == SYNC || this == SYNC_2;
  }
}
