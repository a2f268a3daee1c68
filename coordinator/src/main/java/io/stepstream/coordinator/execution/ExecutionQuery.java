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
    @Nullable String mapRunArn,
    @Nullable ExecutionStatus status,
    @Nullable Boolean redriven) {}
