package io.stepstream.asl.engine;

import org.jspecify.annotations.Nullable;

/**
 * What the Resource of a Task state addresses; it decides which history events tell of the task.
 */
sealed interface TaskResource {

  /** {@code arn:aws:lambda:…:function:NAME}: LambdaFunction* events. */
  record Function(String arn) implements TaskResource {}

  /** {@code arn:aws:states:…:activity:NAME}: Activity* events. */
  record Activity(String arn) implements TaskResource {}

  /**
   * {@code arn:aws:states:::TYPE:ACTION}: Task* events.
   *
   * @param type for example {@code lambda} or {@code aws-sdk:s3}
   * @param action for example {@code invoke} or {@code sendMessage.waitForTaskToken}
   */
  record Service(String type, String action) implements TaskResource {}

  static TaskResource of(String resource) {
    String[] parts = resource.split(":", 7);
    String service = part(parts, 2);
    if ("lambda".equals(service)) {
      return new Function(resource);
    }
    if ("states".equals(service) && "activity".equals(part(parts, 5))) {
      return new Activity(resource);
    }
    if ("states".equals(service) && parts.length == 7) {
      int split = parts[6].lastIndexOf(':');
      return split < 0
          ? new Service(parts[5], parts[6])
          : new Service(
              parts[5] + ":" + parts[6].substring(0, split), parts[6].substring(split + 1));
    }
    return new Service("custom", resource);
  }

  private static @Nullable String part(String[] parts, int index) {
    return index < parts.length ? parts[index] : null;
  }
}
