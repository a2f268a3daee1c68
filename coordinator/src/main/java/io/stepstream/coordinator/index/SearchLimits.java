package io.stepstream.coordinator.index;

import java.time.Duration;

/**
 * What one look into the index may cost.
 *
 * @param time beyond it a search is given up, and counting ends with what it has
 * @param counted beyond it matches of a search are not counted
 * @param measured beyond it executions go into no metrics; each takes up to 8 bytes meanwhile
 */
record SearchLimits(Duration time, int counted, int measured) {

  static final SearchLimits DEFAULT = new SearchLimits(Duration.ofSeconds(2), 10_000, 1_000_000);
}
