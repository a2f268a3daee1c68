/**
 * Looks at what Stepstream stands on and at what runs, and gathers what somebody else needs to look
 * at it.
 *
 * <p>Invariants: it changes nothing, but for a topic of its own that tells the brokers' clock and
 * is deleted again; one part that is down hides nothing of the others; every wait has an end. What
 * other systems say in words ({@link io.stepstream.dev.doctor.Finding#detail}) may quote anything,
 * and is never in a bundle.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.doctor;
