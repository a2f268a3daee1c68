package io.stepstream.loadtests.faults;

import java.time.Duration;

/** A node dies, and is back sooner or later than its group misses it. */
final class NodeKill implements Fault {

  private static final Duration SOON = Duration.ofMillis(200);

  /** Behind the session of the group, six seconds. */
  private static final Duration LATE = Duration.ofSeconds(13);

  @Override
  public String id() {
    return "F-01";
  }

  @Override
  public String title() {
    return "SIGKILL of a coordinator";
  }

  @Override
  public String criterion() {
    return "p99 of the longest gap of a partition at most 15 s";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    boolean isMissed = experiment.random().nextInt(3) == 0;
    experiment.say("SIGKILL of %s, %s".formatted(node, isMissed ? "for 13 s" : "back at once"));
    experiment.kill(node);
    experiment.pause(isMissed ? LATE : SOON);
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
  }
}
