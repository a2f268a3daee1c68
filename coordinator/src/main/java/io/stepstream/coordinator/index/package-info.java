/**
 * Lists of executions, from an index that each node keeps for itself over the history topic (ADR
 * 0028).
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.index;
