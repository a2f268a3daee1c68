package io.stepstream.loadtests;

/**
 * What has been used since the processes began.
 *
 * @param cpuSeconds of all processes: broker, coordinator, worker, generator
 */
record Usage(double cpuSeconds, WireBytes wire) {

  Usage since(Usage earlier) {
    return new Usage(cpuSeconds - earlier.cpuSeconds, wire.since(earlier.wire));
  }
}
