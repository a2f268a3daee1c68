package io.stepstream.coordinator.execution;

/** What came of waiting for a task of an activity. */
public sealed interface ActivityPoll {

  /**
   * A task, which is the caller's from now on.
   *
   * @param input JSON in UTF-8
   */
  record Task(String taskToken, byte[] input) implements ActivityPoll {}

  /** There was none in time. */
  record Nothing() implements ActivityPoll {}

  /** More wait for tasks of the activity than may. */
  record TooManyWorkers() implements ActivityPoll {}
}
