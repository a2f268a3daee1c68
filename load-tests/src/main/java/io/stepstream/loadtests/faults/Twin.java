package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * An operator starts a node twice, with a copy of its state directory: the group lets in one of
 * them only.
 */
final class Twin implements Fault {

  private static final Duration TOGETHER = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "F-27";
  }

  @Override
  public String title() {
    return "a second coordinator with the same id";
  }

  @Override
  public String criterion() {
    return "the other comes back without anybody's help";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    int links = experiment.cluster().nodes().indexOf(node);
    NodeMember twin =
        experiment
            .cluster()
            .node(node.name() + "-twin", links, node.application(), experiment.api());
    try {
      StateDirectories.copyId(node.stateDirectory(), twin.stateDirectory());
      experiment.say("%s starts with the id of %s".formatted(twin, node));
      twin.start();
      experiment.pause(TOGETHER);
    } finally {
      twin.end();
      StateDirectories.remove(twin.stateDirectory());
    }
  }
}
