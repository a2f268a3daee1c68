/**
 * The audit log: one event for each call that changes something and for each that is refused, in
 * the shape of CloudTrail's, on a topic (ADR 0054).
 *
 * <p>Invariants: no payload is in an event; no call waits for its event; an event that can't be
 * written to the topic is written to the log.
 */
@NullMarked
package io.stepstream.coordinator.audit;

import org.jspecify.annotations.NullMarked;
