package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution has another status. One that begins and ends in a single transition changes once.
 *
 * @param date when
 * @param mapRunArn known only when a child execution begins
 */
public record StatusChange(
    String executionArn,
    String stateMachineArn,
    ExecutionStatus status,
    Instant date,
    @Nullable String error,
    @Nullable String cause,
    @Nullable String mapRunArn) {}
