package io.stepstream.loadtests;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** CPU time of this process and the broker's. */
final class CpuTime {

  private final ProcessHandle broker;

  CpuTime(ProcessHandle broker) {
    this.broker = broker;
  }

  /** Used since the processes began, by all their threads. */
  double seconds() {
    var self =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Duration other = broker.info().totalCpuDuration().orElse(Duration.ZERO);
    return self.getProcessCpuTime() / 1e9 + other.toNanos() / 1e9;
  }
}
