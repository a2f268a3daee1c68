package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/**
 * What a run is to do.
 *
 * @param faults in their order, each once; then again, in an order that is drawn, until the time is
 *     over
 * @param time zero: each fault once
 * @param perSecond executions that are started
 */
record ChaosSettings(List<Fault> faults, Duration time, long seed, double perSecond) {
  ChaosSettings {
    faults = List.copyOf(faults);
  }
}
