package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * A node and a worker are told to stop, as at a deployment: they end soon, and the worker finishes
 * what it runs.
 */
final class Drain implements Fault {

  private static final Duration GRACE = Duration.ofSeconds(30);

  /** How a JVM ends that was told to. */
  private static final int TERMINATED = 143;

  @Override
  public String id() {
    return "F-28";
  }

  @Override
  public String title() {
    return "SIGTERM of a coordinator and a worker under load";
  }

  @Override
  public String criterion() {
    return "both end within 30 s, with exit code 0 or 143";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    experiment.workload().startNow(Template.BEATING, 9);
    experiment.pause(Duration.ofSeconds(1));
    WorkerMember worker = experiment.anyOf(experiment.cluster().workers());
    NodeMember node = experiment.anyOf(experiment.cluster().nodes());
    experiment.say("SIGTERM of %s and %s".formatted(worker, node));
    ends(experiment, worker);
    ends(experiment, node);
    worker.start();
    node.start();
    worker.awaitReady(Cluster.LONGEST_START);
    node.awaitReady(Cluster.LONGEST_START);
  }

  private static void ends(Experiment experiment, Member member) throws InterruptedException {
    Duration time = member.terminate(GRACE);
    if (time == null) {
      experiment.violated(
          Invariant.I10, member.name(), "it runs %d s after SIGTERM".formatted(GRACE.toSeconds()));
      experiment.kill(member);
    } else if (member.exitCode() != 0 && member.exitCode() != TERMINATED) {
      experiment.violated(
          Invariant.I10,
          member.name(),
          "it ended with exit code %d at SIGTERM".formatted(member.exitCode()));
    } else {
      experiment.say("%s ended in %d ms".formatted(member, time.toMillis()));
    }
  }
}
