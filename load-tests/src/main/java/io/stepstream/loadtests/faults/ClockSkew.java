package io.stepstream.loadtests.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The time of day of one node jumps forth, back behind the others', and to what it was. Timers fire
 * by the clock of the node that has the partition, so they may be as early or late as it is wrong
 * (guarantees.md); nothing is lost, and no history goes back in time.
 */
final class ClockSkew implements Fault {

  /** How wrong the clock is; less than the run waits for anything. */
  static final Duration WRONG = Duration.ofSeconds(20);

  private static final Duration FOR = Duration.ofSeconds(15);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "F-13";
  }

  @Override
  public String title() {
    return "the clock of a coordinator jumps by %d s, and back".formatted(WRONG.toSeconds());
  }

  @Override
  public String criterion() {
    return "timers are at most as wrong as the clock";
  }

  @Override
  public String missing() {
    return FakeClock.library() == null ? "libfaketime (Debian: apt-get install libfaketime)" : "";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    Path library = FakeClock.library();
    if (library == null) {
      throw new IllegalStateException("there is no libfaketime");
    }
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    long begin = System.currentTimeMillis();
    try {
      skew(experiment, node, library);
    } finally {
      node.setClock(null);
      experiment.wrongClocks().add(begin, System.currentTimeMillis(), WRONG);
    }
    stop(experiment, node);
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
    // What was dated ahead is past by then.
    experiment.pause(WRONG);
  }

  private static void skew(Experiment experiment, NodeMember node, Path library)
      throws InterruptedException {
    FakeClock clock =
        FakeClock.create(library, node.stateDirectory().resolveSibling(node.name() + ".clock"));
    stop(experiment, node);
    node.setClock(clock);
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
    for (Duration ahead : List.of(WRONG, WRONG.negated(), Duration.ZERO)) {
      experiment.say("the clock of %s: %+d s".formatted(node, ahead.toSeconds()));
      clock.set(ahead);
      experiment.pause(FOR);
    }
  }

  private static void stop(Experiment experiment, NodeMember node) throws InterruptedException {
    if (node.terminate(LONGEST_STOP) == null) {
      experiment.kill(node);
    }
  }
}
