/**
 * Stepstream in containers, for the tests of those who use it.
 *
 * <p>A coordinator and a Kafka broker run in containers; the handlers of tasks run in the test
 * itself, as a {@code StepstreamWorker} that connects to that broker, so that a test can watch and
 * mock them.
 */
@NullMarked
package io.stepstream.testcontainers;

import org.jspecify.annotations.NullMarked;
