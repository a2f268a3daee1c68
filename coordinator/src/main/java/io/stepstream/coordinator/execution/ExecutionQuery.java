package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list; what is null doesn't matter.
 *
 * @param redriven whether they have been
 */
public record ExecutionQuery(
    @Nullable String stateMachineArn,
    @Nullable String stateMachineVersionArn,
    @Nullable String stateMachineAliasArn,
    @Nullable String mapRunArn,
    @Nullable ExecutionStatus status,
    @Nullable Boolean redriven) {

  /** The executions of a machine that run, by whatever name they were started. */
  public static ExecutionQuery running(String stateMachineArn) {
    return new ExecutionQuery(stateMachineArn, null, null, null, ExecutionStatus.RUNNING, null);
  }
}
