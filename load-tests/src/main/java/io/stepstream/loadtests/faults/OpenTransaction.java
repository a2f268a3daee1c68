package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * A node hangs for longer than a transaction may be open, so that the brokers abort it: nobody who
 * reads committed records is held back for longer.
 */
final class OpenTransaction implements Fault {

  private static final Duration HANGS = Duration.ofSeconds(32);

  /** The session, six seconds, and restoration; at worst the transaction's ten. */
  private static final Duration LONGEST_GAP = Duration.ofSeconds(25);

  @Override
  public String id() {
    return "F-20";
  }

  @Override
  public String title() {
    return "a coordinator hangs over its open transaction";
  }

  @Override
  public String criterion() {
    return "readers of committed records go on within 25 s, while it still hangs";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    experiment.say("SIGSTOP of %s for %d s".formatted(node, HANGS.toSeconds()));
    long begin = System.nanoTime();
    node.pause();
    experiment.pause(HANGS);
    Duration gap = experiment.tail().longestGap(begin, System.nanoTime()).duration();
    if (gap.compareTo(LONGEST_GAP) > 0) {
      experiment.violated(
          Invariant.I10,
          node.name(),
          "readers of committed records stood still for %d ms".formatted(gap.toMillis()));
    }
    node.resume();
    node.awaitReady(Cluster.LONGEST_START);
  }
}
