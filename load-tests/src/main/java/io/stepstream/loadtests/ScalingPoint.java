package io.stepstream.loadtests;

/**
 * What was measured with one number of coordinators. CPU in seconds of one core per execution.
 *
 * @param coordinator all coordinators together
 * @param thread their stream threads
 * @param broker its transaction markers among it
 * @param markers transaction markers per execution
 */
record ScalingPoint(
    int coordinators,
    double perSecond,
    double coordinator,
    double thread,
    double broker,
    double worker,
    double generator,
    double markers) {

  /** Of all processes, which share the machine. */
  double total() {
    return coordinator + broker + worker + generator;
  }

  /** The part of the coordinators' quotas that they used; well below 1, something else limited. */
  double quotaUsed(int percent) {
    return perSecond * coordinator / (coordinators * percent / 100.0);
  }

  /**
   * As the model takes them.
   *
   * @param marker the broker's CPU-seconds for one
   */
  ExecutionCosts costs(double marker) {
    return new ExecutionCosts(
        coordinator, thread, Math.max(0, broker - markers * marker), markers, marker, worker);
  }
}
