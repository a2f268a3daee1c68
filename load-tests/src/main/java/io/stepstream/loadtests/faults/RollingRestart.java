package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * The brokers are restarted one after the other, as at an update; then all of them die at once, and
 * come back. A process that dies leaves the page cache: this is no power failure.
 */
final class RollingRestart implements Fault {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

  @Override
  public String id() {
    return "F-07";
  }

  @Override
  public String title() {
    return "SIGTERM of one broker after the other, then SIGKILL of all";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    Cluster cluster = experiment.cluster();
    for (BrokerMember broker : cluster.brokers()) {
      experiment.say("SIGTERM of " + broker);
      Duration time = broker.terminate(LONGEST_STOP);
      if (time == null) {
        throw new RunFailure(
            "%s runs %d s after SIGTERM".formatted(broker, LONGEST_STOP.toSeconds()));
      }
      broker.start();
      broker.awaitReady(Cluster.LONGEST_START);
      cluster.awaitInSync();
    }
    experiment.say("SIGKILL of all brokers, which come back at once");
    for (BrokerMember broker : cluster.brokers()) {
      experiment.kill(broker);
    }
    cluster.brokers().forEach(Member::start);
    for (BrokerMember broker : cluster.brokers()) {
      broker.awaitReady(Cluster.LONGEST_START);
    }
    cluster.awaitInSync();
  }
}
