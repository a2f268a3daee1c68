package io.stepstream.coordinator.cluster;

import java.time.Instant;

/**
 * How far the stores of a partition have been read back from Kafka.
 *
 * @param since when it began
 * @param restored records so far
 * @param total records when it began; some offsets hold none, so {@code restored} may end below
 */
public record Restoration(Instant since, long restored, long total) {}
