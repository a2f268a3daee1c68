/**
 * One coordinator process: its Kafka clients, its Kafka Streams applications, and the order in
 * which they start and stop.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.node;
