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
 * @param redriveDate of the latest redrive; null: there was none
 * @param redrivable whether what has failed in it may run again
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
    MapRunCounts items,
    int redriveCount,
    @Nullable Instant redriveDate,
    boolean redrivable) {}
