package io.stepstream.loadtests.faults;

import java.time.Duration;

/** A broker dies, which leads a third of all partitions and may be the controller. */
final class BrokerKill implements Fault {

  @Override
  public String id() {
    return "F-06";
  }

  @Override
  public String title() {
    return "SIGKILL of a broker";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    BrokerMember broker = experiment.anyOf(experiment.cluster().brokers());
    experiment.say("SIGKILL of " + broker);
    experiment.kill(broker);
    experiment.pause(Duration.ofSeconds(2), Duration.ofSeconds(14));
    broker.start();
    broker.awaitReady(Cluster.LONGEST_START);
    experiment.cluster().awaitInSync();
  }
}
