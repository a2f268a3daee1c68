package io.stepstream.loadtests;

/**
 * What one execution costs, in seconds of one core. Linear: the thousandth execution of a second
 * costs what the first does.
 *
 * @param coordinator the whole process: stream threads, producers' network threads, garbage
 * @param thread the part of it on the stream thread that serves the execution's partition
 * @param broker everything but transaction markers, without replication
 * @param markers transaction markers per execution; 0 without transactions
 * @param marker one of them at the broker, with its share of the transaction's own requests
 * @param worker its process with a handler that does nothing
 */
record ExecutionCosts(
    double coordinator,
    double thread,
    double broker,
    double markers,
    double marker,
    double worker) {

  ExecutionCosts {
    if (!(coordinator > 0 && thread > 0 && broker >= 0 && markers >= 0 && marker >= 0)
        || !(worker >= 0)) {
      throw new IllegalArgumentException(
          "a coordinator's costs must be positive, the others not negative");
    }
  }

  /** At the brokers, once. */
  double brokerWithMarkers() {
    return broker + markers * marker;
  }
}
