/** Threads of a node that read topics for themselves, outside of Kafka Streams. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.reading;
