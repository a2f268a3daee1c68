package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When each partition was seen to go on, and how long it stood still. Thread safe. */
final class Progress {

  /** Shorter ones are how it always is. */
  private static final long GAP_NANOS = Duration.ofMillis(500).toNanos();

  /** A time in which a partition stood still. */
  record Gap(long from, long to) {
    Duration duration() {
      return Duration.ofNanos(to - from);
    }
  }

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
   * the span; a partition that stands still at its end has done so until then. One of no length:
   * there is none.
   */
  synchronized Gap longestGap(long from, long to) {
    Gap longest = new Gap(from, from);
    for (Gap gap : gaps) {
      if (gap.to() - from >= 0 && gap.from() - to <= 0) {
        longest = longer(gap, longest);
      }
    }
    for (int partition = 0; partition < latest.length; partition++) {
      if (hasBegun[partition] && to - latest[partition] > GAP_NANOS) {
        longest = longer(new Gap(latest[partition], to), longest);
      }
    }
    return longest;
  }

  private static Gap longer(Gap one, Gap other) {
    return one.duration().compareTo(other.duration()) > 0 ? one : other;
  }
}
