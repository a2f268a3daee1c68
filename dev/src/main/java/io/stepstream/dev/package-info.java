/**
 * The whole stack in one JVM and the command line in front of it.
 *
 * <p>Invariants: standard output carries results only, everything else goes to standard error;
 * whatever a user can mend is a {@link io.stepstream.dev.Refusal} of one sentence with its remedy,
 * never a stack trace; nothing listens on any address but the loopback one unless it is asked to.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev;
