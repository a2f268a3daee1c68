package io.stepstream.asl.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the world says of an attempt, some time after it was handed over. */
public sealed interface TaskReport {

  /** From the moment of the hand-over. */
  Duration after();

  /**
   * @param output JSON in UTF-8
   */
  record Succeeded(Duration after, byte[] output) implements TaskReport {}

  record Failed(Duration after, @Nullable String error, @Nullable String cause)
      implements TaskReport {}

  /** A worker has taken the task of an activity. */
  record Started(Duration after, @Nullable String workerName) implements TaskReport {}

  /**
   * The service has taken the request on; the task itself ends by another report. For {@code .sync}
   * and {@code .waitForTaskToken}.
   *
   * @param output the service's response, JSON in UTF-8
   */
  record Submitted(Duration after, byte[] output) implements TaskReport {}

  record Heartbeat(Duration after) implements TaskReport {}
}
