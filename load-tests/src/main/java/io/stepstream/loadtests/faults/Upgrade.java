package io.stepstream.loadtests.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes go back to another version one after the other, and then to ours again, each with the
 * state that the other version has left: for a while both serve. Workers stay what they are.
 */
final class Upgrade implements Fault {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  /** Both versions side by side. */
  private static final Duration TOGETHER = Duration.ofSeconds(15);

  private final @Nullable Path previous;

  /**
   * @param previous the other version's packaged application; null: there is none
   */
  Upgrade(@Nullable Path previous) {
    this.previous = previous;
  }

  @Override
  public String id() {
    return "F-17";
  }

  @Override
  public String title() {
    return "coordinators of an earlier version, and back";
  }

  @Override
  public String missing() {
    return previous == null ? "a packaged coordinator of an earlier version: --previous" : "";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    if (previous == null) {
      throw new IllegalStateException("there is no earlier version");
    }
    List<NodeMember> nodes = experiment.cluster().nodes();
    Path ours = nodes.getFirst().application();
    try {
      for (NodeMember node : nodes) {
        replace(experiment, node, previous, "the earlier version");
      }
    } finally {
      nodes.forEach(node -> node.setApplication(ours));
    }
    for (NodeMember node : new ArrayList<>(nodes).reversed()) {
      replace(experiment, node, ours, "this version");
    }
  }

  private static void replace(
      Experiment experiment, NodeMember node, Path application, String version)
      throws InterruptedException {
    experiment.say("%s stops, and comes back as %s".formatted(node, version));
    if (node.terminate(LONGEST_STOP) == null) {
      experiment.kill(node);
    }
    node.setApplication(application);
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
    experiment.pause(TOGETHER);
  }
}
