package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution in a list.
 *
 * @param position in all lists, the same on all nodes; the later it began, or ended, the higher
 * @param stopDate null while it runs
 * @param mapRunArn the Map run whose child it is; null: it is none's
 */
public record ListedExecution(
    long position,
    String executionArn,
    String stateMachineArn,
    ExecutionStatus status,
    Instant startDate,
    @Nullable Instant stopDate,
    @Nullable String mapRunArn) {

  /** Once it has ended. */
  public ListedExecution ended(ExecutionStatus how, Instant when, long newPosition) {
    return new ListedExecution(
        newPosition, executionArn, stateMachineArn, how, startDate, when, mapRunArn);
  }
}
