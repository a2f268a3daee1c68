package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/** The lines between all workers and all brokers are reset or silent. */
final class WorkerCut implements Fault {

  @Override
  public String id() {
    return "F-10";
  }

  @Override
  public String title() {
    return "the workers are cut off from the brokers";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    Proxy.Line line = experiment.anyOf(List.of(Proxy.CUT, Proxy.HELD, Proxy.DEAF));
    experiment.say("the lines of the workers: " + line);
    experiment.cluster().linksOfWorkers().forEach(link -> link.set(line));
    experiment.pause(Duration.ofSeconds(5), Duration.ofSeconds(15));
    experiment.cluster().linksOfWorkers().forEach(link -> link.set(Proxy.OPEN));
  }
}
