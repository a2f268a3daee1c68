package io.stepstream.loadtests;

/**
 * What executes, each process on a machine of its own.
 *
 * @param partitions of the inbox
 * @param threads stream threads of the lane in each coordinator
 * @param coordinatorCores of each coordinator; part of one where a quota says so
 * @param workerCores of each worker
 * @param brokerCores of each broker
 */
record Deployment(
    int partitions,
    int coordinators,
    int threads,
    double coordinatorCores,
    int workers,
    double workerCores,
    int brokers,
    double brokerCores) {

  Deployment {
    if (partitions < 1 || coordinators < 1 || threads < 1 || workers < 1 || brokers < 1) {
      throw new IllegalArgumentException("there must be at least one of everything");
    }
    if (!(coordinatorCores > 0 && workerCores > 0 && brokerCores > 0)) {
      throw new IllegalArgumentException("every process needs a part of a core");
    }
  }
}
