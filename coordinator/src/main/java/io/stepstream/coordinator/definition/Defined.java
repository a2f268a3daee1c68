package io.stepstream.coordinator.definition;

/**
 * A record of the topic of definitions and where it stands.
 *
 * @param offset whoever has read that far knows the record
 */
public record Defined<T>(T value, long offset) {}
