package io.stepstream.loadtests;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** CPU time of this process. */
final class CpuTime {

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private CpuTime() {}

  /** Used since the process began, by all its threads. */
  static double seconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }
}
