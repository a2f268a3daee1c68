package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/**
 * The lines between a node and all brokers are reset, or silent both ways or one, for less or
 * longer than the session of its group.
 */
final class NodeCut implements Fault {

  @Override
  public String id() {
    return "F-09";
  }

  @Override
  public String title() {
    return "a coordinator is cut off from the brokers";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    int node = experiment.random().nextInt(experiment.cluster().nodes().size());
    Proxy.Line line = experiment.anyOf(List.of(Proxy.CUT, Proxy.HELD, Proxy.DEAF));
    experiment.say("the lines of %s: %s".formatted(experiment.cluster().nodes().get(node), line));
    experiment.cluster().linksOfNode(node).forEach(link -> link.set(line));
    experiment.pause(Duration.ofSeconds(5), Duration.ofSeconds(20));
    experiment.cluster().linksOfNode(node).forEach(link -> link.set(Proxy.OPEN));
  }
}
