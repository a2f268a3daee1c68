package io.stepstream.loadtests;

import java.time.Duration;

/**
 * What a run is told.
 *
 * @param window measured, after the warm-up, for throughput and again for latency
 * @param warmUp under load, before the window
 * @param inFlight executions begun and not ended, at most, while throughput is measured
 * @param partitions of the topics and stores, for the floor as for the engine
 * @param payloadBytes of an execution's input
 */
record BenchSettings(
    Scenario scenario,
    Duration window,
    Duration warmUp,
    int inFlight,
    int partitions,
    int payloadBytes) {

  /** Queue partitions: the embedded stack's number. */
  static final int QUEUE_PARTITIONS = 4;

  /** Starts per second while latency is measured. */
  static final int PACED_PER_SECOND = 50;
}
