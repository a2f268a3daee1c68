package io.stepstream.loadtests;

import java.util.List;

/** What is told by latencies. */
sealed interface PacedResult extends Result permits MixedResult, LatencyResult, ApiStartsResult {

  /** For a table. */
  List<Row> rows();

  record Row(String what, Percentiles latency) {}
}
