/**
 * Benchmarks: the whole engine on an embedded broker, and beside it the floor, which is the same
 * hops, topics and guarantee on bare Kafka without an interpreter.
 *
 * <p>Invariants. Floor and engine are measured in one run, by one load generator, on one broker,
 * never at the same time. Latency counts from the moment at which a start was due, so a system that
 * stalls doesn't hide the starts that it held up. Nothing here decides whether a figure is good.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.loadtests;
