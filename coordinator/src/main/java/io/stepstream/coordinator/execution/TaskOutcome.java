package io.stepstream.coordinator.execution;

/** What has become of something that was said of a task. */
public enum TaskOutcome {
  ACCEPTED,
  /** The task has ended or was replaced by a retry, or its execution has ended. */
  OVER,
  /** Nothing is known of its execution, not even that it has ended. */
  NO_SUCH_TASK
}
