/**
 * Microbenchmarks (JMH) of the language alone: no Kafka, no store, one thread.
 *
 * <p>Invariants. What is measured is what the coordinator calls: {@code DefinitionReader}, {@code
 * Engine.step}, and whole executions in the in-memory shell. Nothing is prepared within a measured
 * call that the coordinator would do in it.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.loadtests.core;
