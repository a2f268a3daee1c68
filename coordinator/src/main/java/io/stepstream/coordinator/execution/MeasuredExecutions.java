package io.stepstream.coordinator.execution;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What began and ended.
 *
 * @param buckets in the order of time
 * @param whole false: there was more than may be counted, so all counts are lower bounds
 * @param asOf what was committed before this was counted; null: nobody knows yet
 */
public record MeasuredExecutions(List<Bucket> buckets, boolean whole, @Nullable Instant asOf) {

  public MeasuredExecutions {
    buckets = List.copyOf(buckets);
  }

  /**
   * A stretch of time.
   *
   * @param started how many have begun in it, whatever has become of them
   * @param median duration of those that ended in it, in milliseconds; null: none has
   * @param slowest the 99th percentile of the same
   */
  public record Bucket(
      long started,
      long succeeded,
      long failed,
      long timedOut,
      long aborted,
      @Nullable Long median,
      @Nullable Long slowest) {}
}
