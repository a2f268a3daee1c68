package io.stepstream.coordinator.index;

import java.time.Duration;

/**
 * What one search may cost.
 *
 * @param time beyond it the search is given up
 * @param counted beyond it matches are not counted
 */
record SearchLimits(Duration time, int counted) {

  static final SearchLimits DEFAULT = new SearchLimits(Duration.ofSeconds(2), 10_000);
}
