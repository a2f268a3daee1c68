/**
 * How many starts a node lets in: {@link io.stepstream.coordinator.admission.Admission}.
 *
 * <p>Invariants. Only starts through the API are ever refused, and before they are written; what is
 * in Kafka (results, messages, timers, starts from topics) always gets its turn, since refusing
 * work in the middle would leave executions waiting. What is refused was not done, so a client may
 * simply repeat it.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.admission;
