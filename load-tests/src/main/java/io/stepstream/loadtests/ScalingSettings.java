package io.stepstream.loadtests;

import java.time.Duration;
import java.util.List;

/**
 * What a check of the model is told.
 *
 * @param coordinators the numbers of processes, ascending, each once
 * @param quota of each coordinator, in percent of one core
 * @param warmUp without quota, before each window; see {@link #warmUp(int)}
 */
record ScalingSettings(
    LoadScenario scenario,
    List<Integer> coordinators,
    int quota,
    Duration window,
    Duration warmUp,
    int partitions) {

  /** Divides by one, two and three, so no coordinator has more than another. */
  static final int PARTITIONS = 12;

  /** Stream threads per lane and coordinator: a quarter of a core keeps no second one busy. */
  static final int THREADS = 1;

  /** Leaves most of two cores to the broker, the worker and the generator. */
  static final int QUOTA = 25;

  ScalingSettings {
    coordinators = List.copyOf(coordinators);
  }

  /**
   * Executions under way: enough to keep all busy, and so few that those with Express mostly end
   * before a commit, as they do without quotas.
   */
  int inFlight(int count) {
    return count * scenario.inFlight() / 2;
  }

  /** All compile at the same time before the first measurement, and share the machine for it. */
  Duration warmUp(int count) {
    return count == most() ? warmUp.multipliedBy(count) : warmUp;
  }

  int most() {
    return coordinators.getLast();
  }

  /** For what all benchmarks share. */
  BenchSettings bench() {
    return BenchSettings.of(scenario, window, warmUp, partitions, BenchSettings.PAYLOAD_BYTES)
        .withInFlight(inFlight(most()))
        .withRepeats(1);
  }
}
