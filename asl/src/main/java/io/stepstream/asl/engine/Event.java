package io.stepstream.asl.engine;

import org.jspecify.annotations.Nullable;

/** A fact from outside, as the engine takes it. Payloads are JSON in UTF-8. */
public sealed interface Event {

  /**
   * @param startMillis the start date, which the caller may already have been told
   */
  record Started(
      String arn,
      String name,
      String stateMachineArn,
      String roleArn,
      boolean express,
      long startMillis,
      byte[] input)
      implements Event {}

  record TaskSucceeded(long frameId, int epoch, byte[] output) implements Event {}

  record TaskFailed(long frameId, int epoch, @Nullable String error, @Nullable String cause)
      implements Event {}

  /** A worker has taken the task of an activity. */
  record TaskStarted(long frameId, int epoch, @Nullable String workerName) implements Event {}

  /**
   * The service has taken on the request of a task that ends later: {@code .sync} or {@code
   * .waitForTaskToken}.
   *
   * @param output the service's response
   */
  record TaskSubmitted(long frameId, int epoch, byte[] output) implements Event {}

  record TaskHeartbeat(long frameId, int epoch) implements Event {}

  record TimerFired(TimerKey timer) implements Event {}

  record StopRequested(@Nullable String error, @Nullable String cause) implements Event {}
}
