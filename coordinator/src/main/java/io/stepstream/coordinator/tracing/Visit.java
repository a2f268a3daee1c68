package io.stepstream.coordinator.tracing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A state that was entered, while it is visited. Not thread safe. */
final class Visit {

  /** An attempt of its task that is under way. */
  record Attempt(long scheduledEventId, int number, Instant start, @Nullable String resource) {}

  final long enteredEventId;
  final String state;

  /** AWS's type of the state. */
  final String type;

  final Instant start;

  /** The Map or Parallel state within which it is; null: none. */
  final @Nullable Visit scope;

  /** Events that belong to it and may be referred to by others. */
  final List<Long> events = new ArrayList<>();

  @Nullable Attempt attempt;
  int attempts;

  /** The latest error in it; null: none, or a further attempt was made since. */
  @Nullable String error;

  /** Whether it has failed as a whole, as a Map or Parallel state. */
  boolean failed;

  Visit(long enteredEventId, String state, String type, Instant start, @Nullable Visit scope) {
    this.enteredEventId = enteredEventId;
    this.state = state;
    this.type = type;
    this.start = start;
    this.scope = scope;
  }

  boolean isWithin(Visit container) {
    for (Visit outer = scope; outer != null; outer = outer.scope) {
      if (outer == container) {
        return true;
      }
    }
    return false;
  }
}
