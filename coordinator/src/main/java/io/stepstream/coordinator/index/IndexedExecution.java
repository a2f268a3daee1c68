package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution with all that it can be found by.
 *
 * @param cause the beginning of it
 * @param place where it can be read; null: it is described from elsewhere
 */
record IndexedExecution(
    ListedExecution listed,
    Leaves input,
    Leaves output,
    @Nullable String error,
    @Nullable String cause,
    @Nullable Place place) {

  private static final int LONGEST_CAUSE = 4 * 1024;

  /**
   * Where the records are that tell how an execution began and what has become of it.
   *
   * @param partition of its topic, both are there
   * @param first the offset of the one
   * @param last the offset of the other, perhaps the same
   */
  record Place(int partition, long first, long last) {

    Place endingAt(long offset) {
      return new Place(partition, first, offset);
    }
  }

  static IndexedExecution begun(ListedExecution listed, Leaves input, @Nullable Place place) {
    return new IndexedExecution(listed, input, Leaves.NONE, null, null, place);
  }

  IndexedExecution ended(
      ExecutionStatus how,
      Instant when,
      long position,
      Leaves newOutput,
      @Nullable String newError,
      @Nullable String newCause,
      long offset) {
    String beginning =
        newCause == null ? null : newCause.substring(0, Math.min(LONGEST_CAUSE, newCause.length()));
    return new IndexedExecution(
        listed.ended(how, when, position),
        input,
        newOutput,
        newError,
        beginning,
        place == null ? null : place.endingAt(offset));
  }

  IndexedExecution redriven(int count, Instant when, long position) {
    return begun(listed.redriven(count, when, position), input, place);
  }
}
