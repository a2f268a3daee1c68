package io.stepstream.loadtests.faults;

import java.util.Locale;

/** What must not grow under a steady load, and from where on it counts as growing. */
enum Measure {
  HEAP("heap after a collection", 4 << 20, true),
  RESIDENT("resident memory", 24 << 20, true),
  THREADS("threads", 3, false),
  DESCRIPTORS("open files and sockets", 12, false),

  /** A broker's directory without what is in the logs of topics: indexes, snapshots, metadata. */
  BESIDE_LOGS("disk beside the records", 8 << 20, true),

  /**
   * A node's directory without as much as one copy of all records takes: what it keeps of the
   * executions is derived from them.
   */
  BEYOND_RECORDS("disk beyond the records", 16 << 20, true),

  /**
   * Records of all topics, changelogs too, without what the executions so far should have taken.
   */
  RECORDS("records beyond those of the executions", 4 << 20, true),

  OPEN("open executions", 30, false);

  /** Of the level: less is how it always is. */
  private static final double SHARE = 0.05;

  private static final int MEBIBYTE = 1 << 20;

  private final String title;
  private final double floor;
  private final boolean isBytes;

  /**
   * @param floor a growth below this, from the middle of a soak to its end, is none
   */
  Measure(String title, double floor, boolean isBytes) {
    this.title = title;
    this.floor = floor;
    this.isBytes = isBytes;
  }

  String title() {
    return title;
  }

  /**
   * Whether what is sure and larger than what is usual.
   *
   * @param growth by which it grew, by the trend
   */
  boolean isGrowth(Trend trend, double growth) {
    return trend.leastSlope() > 0 && growth > Math.max(floor, SHARE * trend.level());
  }

  /** For people. */
  String text(double value) {
    return isBytes
        ? String.format(Locale.ROOT, "%.1f MB", value / MEBIBYTE)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
