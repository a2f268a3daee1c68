package io.stepstream.coordinator.deadletter;

import java.time.Instant;

/** What became of a letter. */
public record Mark(Kind kind, Instant date) {

  /** What was done with it. */
  public enum Kind {
    REDRIVEN,
    DISCARDED
  }
}
