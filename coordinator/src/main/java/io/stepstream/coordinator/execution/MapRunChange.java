package io.stepstream.coordinator.execution;

import org.jspecify.annotations.Nullable;

/**
 * What shall be otherwise with a Map run; null: this stays as it is.
 *
 * @param maxConcurrency 0: no bound of the caller's
 * @param toleratedFailurePercentage from 0 to 100
 */
public record MapRunChange(
    @Nullable Integer maxConcurrency,
    @Nullable Long toleratedFailureCount,
    @Nullable Double toleratedFailurePercentage) {}
