package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

/** How long it took, from when the start was due. */
record Percentiles(double p50Millis, double p99Millis) {

  /**
   * @param latencies in microseconds
   */
  static Percentiles of(Histogram latencies) {
    return new Percentiles(
        latencies.getValueAtPercentile(50) / 1_000.0, latencies.getValueAtPercentile(99) / 1_000.0);
  }

  void into(ObjectNode json) {
    json.put("p50_ms", rounded(p50Millis, 2));
    json.put("p99_ms", rounded(p99Millis, 2));
  }

  @Override
  public String toString() {
    return "p50 %.1f ms, p99 %.1f ms".formatted(p50Millis, p99Millis);
  }
}
