package io.stepstream.loadtests.faults;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A node comes back without its state, with that of a while ago, or with checkpoints cut short.
 * Which one is drawn.
 */
final class StateLost implements Fault {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "F-18";
  }

  @Override
  public String title() {
    return "a state directory that is lost, old, or damaged";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    Path state = node.stateDirectory();
    switch (experiment.random().nextInt(3)) {
      case 0 -> {
        experiment.say("%s loses its state".formatted(node));
        experiment.kill(node);
        StateDirectories.remove(state);
      }
      case 1 -> {
        experiment.say("%s comes back with old state".formatted(node));
        stop(experiment, node);
        Path old = state.resolveSibling(node.name() + "-old");
        StateDirectories.copy(state, old);
        node.start();
        node.awaitReady(Cluster.LONGEST_START);
        experiment.pause(Duration.ofSeconds(5));
        experiment.kill(node);
        StateDirectories.remove(state);
        StateDirectories.copy(old, state);
        StateDirectories.remove(old);
      }
      default -> {
        stop(experiment, node);
        int cut = StateDirectories.cutCheckpoints(state);
        experiment.say("%s has %d checkpoints cut short".formatted(node, cut));
      }
    }
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
  }

  private static void stop(Experiment experiment, NodeMember node) throws InterruptedException {
    if (node.terminate(LONGEST_STOP) == null) {
      experiment.kill(node);
    }
  }
}
