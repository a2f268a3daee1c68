package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything between nodes, workers and brokers takes longer, and every other second a line is
 * reset.
 */
final class SlowLinks implements Fault {

  private static final Duration SLOWER = Duration.ofMillis(40);
  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final int RESETS = 8;

  @Override
  public String id() {
    return "F-11";
  }

  @Override
  public String title() {
    return "slow lines, and connections that are reset";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Proxy> links = new ArrayList<>(experiment.cluster().linksOfWorkers());
    for (int node = 0; node < experiment.cluster().nodes().size(); node++) {
      links.addAll(experiment.cluster().linksOfNode(node));
    }
    experiment.say("all lines are slower by %d ms".formatted(SLOWER.toMillis()));
    links.forEach(link -> link.set(new Proxy.Line.Slow(SLOWER)));
    for (int i = 0; i < RESETS; i++) {
      experiment.pause(BETWEEN);
      experiment.anyOf(links).reset();
    }
    links.forEach(link -> link.set(Proxy.OPEN));
  }
}
