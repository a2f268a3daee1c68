package io.stepstream.loadtests;

import java.util.List;

/** Results of measurements that nobody made. */
final class Figures {

  static final WireBytes WIRE = new WireBytes(3_000, 5_000);
  static final DiskBytes DISK = new DiskBytes(2_500, -40);

  private Figures() {}

  static Throughput throughput(double perSecond) {
    return new Throughput((long) perSecond * 20, perSecond, 0.1, 0.9, WIRE);
  }

  static Saturation saturation(double recordsPerExecution, Throughput... windows) {
    return new Saturation(new Windows(List.of(windows)), recordsPerExecution, DISK);
  }
}
