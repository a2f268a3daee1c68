package io.stepstream.coordinator.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to count.
 *
 * @param machine the ARN of a state machine, or its name; null: all
 * @param from included
 * @param before not included
 * @param buckets into how many equal stretches of time it is divided; the last one may reach beyond
 *     {@code before} by less than that many milliseconds, and has nothing there
 */
public record MetricsQuery(@Nullable String machine, Instant from, Instant before, int buckets) {

  public MetricsQuery {
    if (buckets < 1 || before.toEpochMilli() - from.toEpochMilli() < buckets) {
      throw new IllegalArgumentException(
          "%d buckets from %s to %s are shorter than a millisecond"
              .formatted(buckets, from, before));
    }
  }

  /** The length of a bucket. */
  public long bucketMillis() {
    return Math.ceilDiv(before.toEpochMilli() - from.toEpochMilli(), (long) buckets);
  }
}
