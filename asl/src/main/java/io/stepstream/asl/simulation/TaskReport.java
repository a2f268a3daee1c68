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

  record Heartbeat(Duration after) implements TaskReport {}
}
