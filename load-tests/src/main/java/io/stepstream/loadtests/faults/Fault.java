package io.stepstream.loadtests.faults;

import java.util.List;

/**
 * Something that goes wrong while the workload runs. What it does to lines and processes is taken
 * back behind it, by {@link Cluster#heal}; everything else it takes back itself.
 */
sealed interface Fault permits NodeKill, WorkerKill, BrokerKill {

  /** All there are, by their ids. */
  static List<Fault> all() {
    return List.of(new NodeKill(), new WorkerKill(), new BrokerKill());
  }

  /** F-01 to F-30. */
  String id();

  /** What it is, in a few words. */
  String title();

  /** What must hold beside the invariants; empty: nothing. */
  default String criterion() {
    return "";
  }

  /**
   * Does it, once.
   *
   * @throws RunFailure if what is under test doesn't come back
   */
  void inject(Experiment experiment) throws InterruptedException;
}
