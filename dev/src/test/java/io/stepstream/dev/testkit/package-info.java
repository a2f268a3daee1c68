/**
 * What the integration tests share: one Kafka per test JVM, embedded or in a container.
 *
 * <p>Invariant: tests never share topics, so each asks for its own names.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.testkit;
