package io.stepstream.asl.engine;

/** Which activities there are. Whoever answers must not block: a step asks. */
@FunctionalInterface
public interface Activities {

  /** Whether there is an activity of that ARN now. */
  boolean exists(String arn);

  /** Whether the Resource of a Task state addresses an activity. */
  static boolean isActivity(String resource) {
    return TaskResource.of(resource) instanceof TaskResource.Activity;
  }
}
