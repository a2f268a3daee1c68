/**
 * Lists of executions, from indexes that each node keeps for itself: one over the history topic of
 * Standard executions (ADR 0028), one over that of Express children of Map runs (ADR 0033).
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.index;
