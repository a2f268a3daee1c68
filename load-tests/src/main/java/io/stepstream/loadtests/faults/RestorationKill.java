package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * A node that has lost its state dies again and again while it restores it; at what point is up to
 * the machine.
 */
final class RestorationKill implements Fault {

  private static final int KILLS = 3;

  @Override
  public String id() {
    return "F-19";
  }

  @Override
  public String title() {
    return "SIGKILL of a coordinator that restores its state";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    experiment.say("SIGKILL of %s, which loses its state, and %d more".formatted(node, KILLS));
    experiment.kill(node);
    StateDirectories.remove(node.stateDirectory());
    for (int i = 0; i < KILLS; i++) {
      node.start();
      experiment.pause(Duration.ofSeconds(3), Duration.ofSeconds(9));
      experiment.kill(node);
    }
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
  }
}
