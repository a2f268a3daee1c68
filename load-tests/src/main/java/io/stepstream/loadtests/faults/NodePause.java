package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/**
 * A node hangs, for less or longer than its group and its transaction bear, and goes on where it
 * was.
 */
final class NodePause implements Fault {

  private static final List<Duration> TIMES =
      List.of(Duration.ofSeconds(4), Duration.ofSeconds(13), Duration.ofSeconds(25));

  @Override
  public String id() {
    return "F-02";
  }

  @Override
  public String title() {
    return "SIGSTOP of a coordinator, which goes on later";
  }

  @Override
  public String criterion() {
    return "it comes back without anybody's help";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    Duration time = experiment.anyOf(TIMES);
    experiment.say("SIGSTOP of %s for %d s".formatted(node, time.toSeconds()));
    node.pause();
    experiment.pause(time);
    node.resume();
    node.awaitReady(Cluster.LONGEST_START);
  }
}
