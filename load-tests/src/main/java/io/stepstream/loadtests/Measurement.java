package io.stepstream.loadtests;

/**
 * What was found out about one pipeline.
 *
 * @param recordsPerExecution on all topics of the pipeline, with changelogs and transaction markers
 * @param repeated completions beyond the first of an execution
 */
record Measurement(
    Windows windows,
    double recordsPerExecution,
    double p50Millis,
    double p99Millis,
    long repeated) {

  Throughput throughput() {
    return windows.median();
  }
}
