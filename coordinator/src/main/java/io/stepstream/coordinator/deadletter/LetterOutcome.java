package io.stepstream.coordinator.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * What was done with a letter that was to be redriven or discarded.
 *
 * @param detail why not; null: it was done
 */
public record LetterOutcome(LetterId id, Kind kind, @Nullable String detail) {

  /** How it ended. */
  public enum Kind {
    REDRIVEN,
    DISCARDED,
    ALREADY_REDRIVEN,
    ALREADY_DISCARDED,
    NOT_FOUND,
    REFUSED
  }
}
