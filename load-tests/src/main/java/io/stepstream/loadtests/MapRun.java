package io.stepstream.loadtests;

import java.time.Duration;

/**
 * One execution of a Map.
 *
 * @param took from the start to the reading of the completion
 * @param cpuSeconds of all processes together, in that time
 * @param wire in that time
 * @param disk how much more there was when all was quiet
 * @param records on all topics, with changelogs and transaction markers, until all was quiet
 * @param partitionRecords of these, on the partition of the Map state's execution, where shards and
 *     children live as well
 * @param parentRecords of these, those that carry the key of the Map state's execution: its ARN, or
 *     in changelogs the hash of it
 */
record MapRun(
    Duration took,
    double cpuSeconds,
    WireBytes wire,
    DiskBytes disk,
    long records,
    long partitionRecords,
    long parentRecords) {

  double seconds() {
    return took.toNanos() / 1e9;
  }
}
