package io.stepstream.loadtests;

import java.util.List;

/** Latencies at light load. */
sealed interface PacedResult extends Result permits MixedResult, LatencyResult {

  /** For a table. */
  List<Row> rows();

  record Row(String what, Percentiles latency) {}
}
