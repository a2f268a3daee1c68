package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution with all that it can be found by.
 *
 * @param cause the beginning of it
 */
record IndexedExecution(
    ListedExecution listed,
    Leaves input,
    Leaves output,
    @Nullable String error,
    @Nullable String cause) {

  private static final int LONGEST_CAUSE = 4 * 1024;

  static IndexedExecution begun(ListedExecution listed, Leaves input) {
    return new IndexedExecution(listed, input, Leaves.NONE, null, null);
  }

  IndexedExecution ended(
      ExecutionStatus how,
      Instant when,
      long position,
      Leaves newOutput,
      @Nullable String newError,
      @Nullable String newCause) {
    String beginning =
        newCause == null ? null : newCause.substring(0, Math.min(LONGEST_CAUSE, newCause.length()));
    return new IndexedExecution(
        listed.ended(how, when, position), input, newOutput, newError, beginning);
  }

  IndexedExecution redriven(int count, Instant when, long position) {
    return begun(listed.redriven(count, when, position), input);
  }
}
