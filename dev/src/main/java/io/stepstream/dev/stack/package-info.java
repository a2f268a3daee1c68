/**
 * The embedded stack: a broker, then the topics, then the coordinator and the worker as one Quarkus
 * application.
 *
 * <p>Invariant: what starts later stops earlier, also when the JVM is told to stop: Kafka Streams
 * can't commit what it has done once its broker is gone.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.stack;
