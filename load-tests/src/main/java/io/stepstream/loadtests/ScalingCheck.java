package io.stepstream.loadtests;

import io.stepstream.loadtests.ScalingModel.Assumptions;
import io.stepstream.loadtests.ScalingModel.Limit;
import java.util.Locale;

/**
 * The model against a measurement.
 *
 * @param limitedBy a resource of the model, or the machine that all processes share
 */
record ScalingCheck(ScalingPoint point, double predictedPerSecond, String limitedBy) {

  private static final String MACHINE = "machine";

  /**
   * @param costs measured with the fewest coordinators
   * @param cores of the machine that all processes share
   */
  static ScalingCheck of(
      ScalingPoint point, ScalingPoint costs, double marker, ScalingSettings settings, int cores) {
    Limit limit =
        new ScalingModel(costs.costs(marker), Assumptions.BENCH)
            .tightest(
                new Deployment(
                    settings.partitions(),
                    point.coordinators(),
                    ScalingSettings.THREADS,
                    settings.quota() / 100.0,
                    1,
                    cores,
                    1,
                    cores));
    double machine = cores / costs.total();
    return machine < limit.perSecond()
        ? new ScalingCheck(point, machine, MACHINE)
        : new ScalingCheck(
            point, limit.perSecond(), limit.resource().name().toLowerCase(Locale.ROOT));
  }

  /** Measured against predicted: -0.1 is a tenth less. */
  double deviation() {
    return point.perSecond() / predictedPerSecond - 1;
  }
}
