package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution in a list.
 *
 * @param position in all lists, the same on all nodes; the later it began, was redriven, or ended,
 *     the higher
 * @param stopDate null while it runs
 * @param redriveDate of the last redrive; null when {@code redriveCount} is 0
 * @param mapRunArn the Map run whose child it is; null: it is none's
 * @param stateMachineVersionArn the version that it was started with; null: with none
 * @param stateMachineAliasArn the alias that it was started by; null: by none
 */
public record ListedExecution(
    long position,
    String executionArn,
    String stateMachineArn,
    ExecutionStatus status,
    Instant startDate,
    @Nullable Instant stopDate,
    int redriveCount,
    @Nullable Instant redriveDate,
    @Nullable String mapRunArn,
    @Nullable String stateMachineVersionArn,
    @Nullable String stateMachineAliasArn) {

  /** Once it has ended. */
  public ListedExecution ended(ExecutionStatus how, Instant when, long newPosition) {
    return new ListedExecution(
        newPosition,
        executionArn,
        stateMachineArn,
        how,
        startDate,
        when,
        redriveCount,
        redriveDate,
        mapRunArn,
        stateMachineVersionArn,
        stateMachineAliasArn);
  }

  /** Once it goes on. */
  public ListedExecution redriven(int count, Instant when, long newPosition) {
    return new ListedExecution(
        newPosition,
        executionArn,
        stateMachineArn,
        ExecutionStatus.RUNNING,
        startDate,
        null,
        count,
        when,
        mapRunArn,
        stateMachineVersionArn,
        stateMachineAliasArn);
  }
}
