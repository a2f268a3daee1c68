package io.stepstream.coordinator.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are wanted, newest first.
 *
 * @param topic only those of records that were there; null: of any
 * @param component only those that it put aside; null: any
 * @param state of those that are wanted
 * @param before the offset in each partition before which the list goes on; empty: at the end
 */
public record LetterQuery(
    @Nullable String topic, @Nullable String component, State state, List<Long> before, int limit) {

  /** What became of a letter. */
  public enum State {
    OPEN,
    REDRIVEN,
    DISCARDED,
    ALL
  }

  boolean wants(Letter letter) {
    return (topic == null || letter.source() != null && topic.equals(letter.source().topic()))
        && (component == null || component.equals(letter.component()))
        && switch (state) {
          case ALL -> true;
          case OPEN -> letter.mark() == null;
          case REDRIVEN -> letter.mark() != null && letter.mark().kind() == Mark.Kind.REDRIVEN;
          case DISCARDED -> letter.mark() != null && letter.mark().kind() == Mark.Kind.DISCARDED;
        };
  }
}
