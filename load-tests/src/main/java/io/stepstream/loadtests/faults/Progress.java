package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When each partition was seen to go on, and how long it stood still. Thread safe. */
final class Progress {

  /** Shorter ones are how it always is. */
  private static final long GAP_NANOS = Duration.ofMillis(500).toNanos();

  private record Gap(long from, long to) {}

  private final long[] latest;
  private final boolean[] hasBegun;
  private final List<Gap> gaps = new ArrayList<>();

  Progress(int partitions) {
    this.latest = new long[partitions];
    this.hasBegun = new boolean[partitions];
  }

  /**
   * Something happened in the partition.
   *
   * @param now by {@link System#nanoTime}, as all times here
   */
  synchronized void progressed(int partition, long now) {
    if (hasBegun[partition] && now - latest[partition] > GAP_NANOS) {
      gaps.add(new Gap(latest[partition], now));
    }
    hasBegun[partition] = true;
    latest[partition] = now;
  }

  /**
   * The longest time of half a second or more in which a partition stood still, of those that touch
   * the span; a partition that stands still at its end has done so until then.
   */
  synchronized Duration longestGap(long from, long to) {
    long longest = 0;
    for (Gap gap : gaps) {
      if (gap.to() - from >= 0 && gap.from() - to <= 0) {
        longest = Math.max(longest, gap.to() - gap.from());
      }
    }
    for (int partition = 0; partition < latest.length; partition++) {
      if (hasBegun[partition] && to - latest[partition] > GAP_NANOS) {
        longest = Math.max(longest, to - latest[partition]);
      }
    }
    return Duration.ofNanos(longest);
  }
}
