package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/**
 * Every few seconds a node is stopped or killed and started again, without waiting until it is
 * there; at last all but one at once.
 */
final class RebalanceStorm implements Fault {

  private static final Duration BETWEEN = Duration.ofSeconds(5);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);
  private static final int ROUNDS = 5;

  @Override
  public String id() {
    return "F-16";
  }

  @Override
  public String title() {
    return "coordinators come and go";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      NodeMember node = experiment.anyOf(experiment.cluster().nodes());
      experiment.say((i % 2 == 0 ? "SIGTERM" : "SIGKILL") + " of " + node);
      stop(experiment, node, i % 2 == 0);
      node.start();
      experiment.pause(BETWEEN);
    }
    List<NodeMember> others =
        experiment.cluster().nodes().subList(1, experiment.cluster().nodes().size());
    experiment.say("SIGTERM of " + others);
    for (NodeMember node : others) {
      stop(experiment, node, true);
    }
    experiment.pause(BETWEEN);
    others.forEach(Member::start);
  }

  private static void stop(Experiment experiment, NodeMember node, boolean isGentle)
      throws InterruptedException {
    if (!isGentle || node.terminate(LONGEST_STOP) == null) {
      experiment.kill(node);
    }
  }
}
