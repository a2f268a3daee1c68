/**
 * Executions as the API sees them: start, watch, stop.
 *
 * <p>This is the port between the two halves of the coordinator: the API in front, the topology
 * behind it. What a user can get wrong is an outcome, a value; a stage fails for one reason only,
 * {@link io.stepstream.coordinator.execution.Unavailable}, and never to say "does not exist" of an
 * execution whose partition is merely out of reach.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.execution;
