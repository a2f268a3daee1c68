package io.stepstream.loadtests;

/**
 * What was found out about one pipeline.
 *
 * @param repeated completions beyond the first of an execution
 */
record Measurement(Saturation saturation, double p50Millis, double p99Millis, long repeated) {

  Throughput throughput() {
    return saturation.throughput();
  }
}
