/**
 * Triggers: any topic's records start executions (ADR 0039).
 *
 * <p>On every node {@link io.stepstream.coordinator.trigger.TriggerNode} runs a reader per trigger
 * that is defined and not paused; the readers of one trigger are a consumer group, so that the
 * topic's partitions spread over the nodes and move when one dies. Invariants:
 *
 * <ul>
 *   <li>What becomes of a record depends on the record and the trigger's definition only, not on
 *       when or where it is read: so a record that is read again asks for the same start.
 *   <li>An offset is committed when every record before it has its execution, was filtered out, or
 *       lies on the dead letters. Counts travel with the offset that they belong to.
 *   <li>A record's own fault puts it aside; the fault of anything else makes its partition wait.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.trigger;
