/**
 * The shell around the functional core, on Kafka Streams' Processor API.
 *
 * <p>Invariants. Compute, then apply: Streams cannot roll back one record, so nothing touches a
 * store or is forwarded before the step has decided all of it and every record has been encoded. A
 * record that cannot be understood goes to the dead letters in the same transaction and the
 * partition lives on. A bug in the core ends its execution, not the partition.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.shell;
