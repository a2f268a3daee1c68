package io.stepstream.loadtests;

import java.util.Comparator;
import java.util.List;

/**
 * Predicts how many executions per second a deployment sustains, and what a number of them needs.
 * CPU only; docs/scaling.md tells the assumptions and what is left out.
 */
record ScalingModel(ExecutionCosts costs, Assumptions assumptions) {

  /**
   * @param utilisation the part of a core that is to be used; the rest is for bursts, rebalances
   *     and what waits for a commit
   * @param replicationFactor copies of each record
   * @param followerShare what a further copy costs the brokers, in parts of the first
   */
  record Assumptions(double utilisation, int replicationFactor, double followerShare) {

    /** Three copies, at 70 %. A follower appends whole batches and answers no client: half. */
    static final Assumptions PRODUCTION = new Assumptions(0.7, 3, 0.5);

    /** One broker, and quotas that may be used up. */
    static final Assumptions BENCH = new Assumptions(1, 1, 0);

    Assumptions {
      if (!(utilisation > 0 && utilisation <= 1 && followerShare >= 0) || replicationFactor < 1) {
        throw new IllegalArgumentException("a utilisation is in (0, 1], and there is one copy");
      }
    }
  }

  /** What can be used up. */
  enum Resource {
    /** Cores of the coordinators. */
    COORDINATORS,

    /** A partition is served by one thread, so threads beyond the partitions are idle. */
    THREADS,

    BROKERS,
    WORKERS
  }

  /**
   * @param perSecond executions that use it up
   */
  record Limit(Resource resource, double perSecond) {}

  /** What uses up each resource, of equal ones the first. */
  List<Limit> limits(Deployment deployment) {
    int partitions = deployment.partitions();
    int threads = deployment.coordinators() * deployment.threads();
    double utilisation = assumptions.utilisation();
    return List.of(
        new Limit(
            Resource.COORDINATORS,
            utilisation
                * deployment.coordinatorCores()
                / costs.coordinator()
                * equalShares(partitions, deployment.coordinators())),
        new Limit(
            Resource.THREADS, utilisation / costs.thread() * equalShares(partitions, threads)),
        new Limit(
            Resource.BROKERS,
            utilisation * deployment.brokers() * deployment.brokerCores() / brokersPerExecution()),
        new Limit(
            Resource.WORKERS,
            utilisation * deployment.workers() * deployment.workerCores() / costs.worker()));
  }

  /** The throughput that a deployment sustains, and what limits it. */
  Limit tightest(Deployment deployment) {
    return limits(deployment).stream()
        .min(Comparator.comparingDouble(Limit::perSecond))
        .orElseThrow();
  }

  /** As many as would do the same if the fullest set the pace for all: 8 among 3 are 8/3, not 3. */
  private static double equalShares(int partitions, int owners) {
    return (double) partitions / Math.ceilDiv(partitions, owners);
  }

  /**
   * The least that sustains so many executions per second, on machines of one kind. Each thread
   * gets one partition, so all coordinators have equally many.
   *
   * @param cores of each machine
   * @param threads of each coordinator
   */
  Deployment needed(double perSecond, int cores, int threads) {
    double usable = assumptions.utilisation() * cores;
    int coordinators =
        Math.max(
            atLeast(perSecond * costs.coordinator() / usable),
            atLeast(perSecond * costs.thread() / (assumptions.utilisation() * threads)));
    return new Deployment(
        coordinators * threads,
        coordinators,
        threads,
        cores,
        atLeast(perSecond * costs.worker() / usable),
        cores,
        // Each copy needs a broker of its own.
        Math.max(
            assumptions.replicationFactor(), atLeast(perSecond * brokersPerExecution() / usable)),
        cores);
  }

  private static int atLeast(double machines) {
    return Math.max(1, Math.toIntExact((long) Math.ceil(machines)));
  }

  /** Of all brokers together. */
  private double brokersPerExecution() {
    double copies = 1 + (assumptions.replicationFactor() - 1) * assumptions.followerShare();
    return costs.brokerWithMarkers() * copies;
  }
}
