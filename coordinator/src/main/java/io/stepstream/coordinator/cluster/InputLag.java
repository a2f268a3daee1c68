package io.stepstream.coordinator.cluster;

/**
 * How much of a partition waits to be processed.
 *
 * @param lane as {@link LaneState#name}
 * @param input a partition of a topic, {@code TOPIC-PARTITION}
 * @param records committed or not, since the last that was processed
 * @param processed the offset behind the last record that was processed
 */
public record InputLag(String lane, String input, long records, long processed) {}
