package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.stepstream.schemas.Lane;

/**
 * Where meters are, and how many there may be.
 *
 * @param most {@code stepstream.metrics.labels}: how many machines and how many resources have
 *     series of their own, in each lane, and versions and aliases of each machine
 */
public record Metering(MeterRegistry registry, int most) {

  public Metering {
    if (most < 0) {
      throw new IllegalArgumentException("stepstream.metrics.labels is below 0");
    }
  }

  public LaneMeters of(Lane lane) {
    return new LaneMeters(registry, lane, most);
  }
}
