package io.stepstream.loadtests;

import io.stepstream.loadtests.HorizontalAutoscaler.Rate;
import java.time.Duration;

/**
 * A run of the scaling loop.
 *
 * @param metric what Prometheus would scrape, of the queue
 * @param length of the load, which rises for a quarter of it, stays, and falls
 * @param peak starts per second while it stays
 * @param nap how long a task takes
 * @param permits tasks that a worker runs at once
 * @param scaler as the HorizontalPodAutoscaler's
 * @param sync between two looks at the metric
 */
record AutoscaleSettings(
    String metric,
    Duration length,
    int peak,
    Duration nap,
    int permits,
    HorizontalAutoscaler.Settings scaler,
    Duration sync) {

  /** Beside what else this machine does. */
  static final int MOST_WORKERS = 5;

  static final String METRIC = "stepstream_task_backlog";

  private static final int PERMITS = 2;

  /**
   * As the chart's, but in tens of seconds what is minutes there: Kubernetes waits for five minutes
   * before it removes a pod, and looks every fifteen seconds.
   */
  static AutoscaleSettings of(String metric, Duration length, int peak) {
    return new AutoscaleSettings(
        metric,
        length,
        peak,
        Duration.ofMillis(400),
        PERMITS,
        new HorizontalAutoscaler.Settings(
            1,
            MOST_WORKERS,
            // A second's work waiting for each.
            3.0 * PERMITS,
            new Rate(Duration.ZERO, 2, 100, Duration.ofSeconds(5)),
            new Rate(Duration.ofSeconds(20), 1, 50, Duration.ofSeconds(5))),
        Duration.ofSeconds(2));
  }

  /**
   * Starts per second at a moment: it rises from a tenth of the peak, stays, and falls to nothing.
   *
   * @param at since the beginning, within the length
   */
  double rate(Duration at) {
    double part = (double) at.toMillis() / length.toMillis();
    if (part < 0.1) {
      return 0.1 * peak;
    }
    if (part < 0.35) {
      return peak * (0.1 + 0.9 * (part - 0.1) / 0.25);
    }
    if (part < 0.6) {
      return peak;
    }
    if (part < 0.85) {
      return peak * (1 - 0.95 * (part - 0.6) / 0.25);
    }
    return 0.05 * peak;
  }
}
