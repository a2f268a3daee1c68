package io.stepstream.coordinator.execution;

import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Map run at one moment.
 *
 * @param stopDate null while it runs
 * @param maxConcurrency 0: the user has set no bound
 * @param children child executions by what has become of them
 */
public record MapRunDescription(
    String mapRunArn,
    String executionArn,
    MapRunStatus status,
    Instant startDate,
    @Nullable Instant stopDate,
    int maxConcurrency,
    long toleratedFailureCount,
    double toleratedFailurePercentage,
    MapRunCounts children,
    MapRunCounts items) {}
