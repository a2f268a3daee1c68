/**
 * A real Kafka broker inside this JVM: one KRaft node which is broker and controller, tuned for a
 * small machine.
 *
 * <p>Invariants: it listens on the loopback address only; it is the same server code as a cluster
 * runs, so what holds against it (transactions, share groups, compaction) isn't an imitation; its
 * directory survives a SIGKILL and a restart, on other ports too.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.broker;
