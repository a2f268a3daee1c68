package io.stepstream.loadtests;

/** How well an engine did a work. */
sealed interface WorkFigure {

  /** Executions or items. */
  record Rate(double perSecond) implements WorkFigure {}

  /** From when a start was due to its result. */
  record Latency(double p50Millis, double p99Millis) implements WorkFigure {}
}
