/**
 * A shell around the functional core that keeps everything in memory and has a clock of its own
 * making: an execution of a year runs in milliseconds, and the same input gives the same history.
 *
 * <p>Invariants: no real clock, no threads, no input or output. Whatever the world would do is
 * asked of {@link io.stepstream.asl.simulation.SimulatedTasks}.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.simulation;
