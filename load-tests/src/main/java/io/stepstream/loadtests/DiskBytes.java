package io.stepstream.loadtests;

/**
 * Bytes on disk.
 *
 * @param log of topics and changelogs, as far as they haven't been compacted away
 * @param state files of the local stores; what a store holds in memory is not yet there, and a
 *     compaction may leave less than before
 */
record DiskBytes(double log, double state) {

  DiskBytes since(DiskBytes earlier) {
    return new DiskBytes(log - earlier.log, state - earlier.state);
  }

  DiskBytes per(long count) {
    return new DiskBytes(log / count, state / count);
  }
}
