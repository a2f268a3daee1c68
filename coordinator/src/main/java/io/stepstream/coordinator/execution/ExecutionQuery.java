package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import org.jspecify.annotations.Nullable;

/** Which executions to list; what is null doesn't matter. */
public record ExecutionQuery(
    @Nullable String stateMachineArn,
    @Nullable String mapRunArn,
    @Nullable ExecutionStatus status) {}
