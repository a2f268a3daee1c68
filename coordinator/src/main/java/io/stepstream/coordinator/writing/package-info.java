/** What a node writes for itself, outside of Kafka Streams. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.writing;
