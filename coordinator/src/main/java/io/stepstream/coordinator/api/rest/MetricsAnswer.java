package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MetricsQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executions over time. Times are in ISO 8601, UTC.
 *
 * @param complete false: more began or ended than is counted, so all counts are lower bounds
 * @param asOf what was committed before this was counted, within half a second; null: unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricsAnswer(
    String from,
    String to,
    long bucketMillis,
    boolean complete,
    @Nullable String asOf,
    List<Bucket> buckets) {

  /**
   * A stretch of time.
   *
   * @param started whatever has become of them
   * @param p50Millis how long those took that ended in it; null: none has
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Bucket(
      String from,
      long started,
      long succeeded,
      long failed,
      long timedOut,
      long aborted,
      @Nullable Long p50Millis,
      @Nullable Long p99Millis) {}

  static MetricsAnswer of(MetricsQuery query, MeasuredExecutions measured) {
    List<Bucket> buckets = new ArrayList<>();
    for (MeasuredExecutions.Bucket bucket : measured.buckets()) {
      buckets.add(
          new Bucket(
              query.from().plusMillis(buckets.size() * query.bucketMillis()).toString(),
              bucket.started(),
              bucket.succeeded(),
              bucket.failed(),
              bucket.timedOut(),
              bucket.aborted(),
              bucket.median(),
              bucket.slowest()));
    }
    return new MetricsAnswer(
        query.from().toString(),
        query.before().toString(),
        query.bucketMillis(),
        measured.whole(),
        measured.asOf() == null ? null : measured.asOf().toString(),
        buckets);
  }
}
