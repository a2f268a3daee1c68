package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list; what is null doesn't matter.
 *
 * @param statuses any of them; empty: all
 * @param redriven whether they have been
 * @param stopped when they ended; those that run are in no range but {@link TimeRange#ANY}
 */
public record ExecutionQuery(
    @Nullable String stateMachineArn,
    @Nullable String stateMachineVersionArn,
    @Nullable String stateMachineAliasArn,
    @Nullable String mapRunArn,
    Set<ExecutionStatus> statuses,
    @Nullable Boolean redriven,
    TimeRange stopped) {

  public ExecutionQuery {
    statuses = Set.copyOf(statuses);
  }

  /** The executions of a machine that run, by whatever name they were started. */
  public static ExecutionQuery running(String stateMachineArn) {
    return new ExecutionQuery(
        stateMachineArn, null, null, null, Set.of(ExecutionStatus.RUNNING), null, TimeRange.ANY);
  }
}
