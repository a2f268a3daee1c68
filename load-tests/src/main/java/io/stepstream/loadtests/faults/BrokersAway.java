package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * No broker answers for a while. Nodes and workers stay up, and callers hear that they are to come
 * again.
 */
final class BrokersAway implements Fault {

  private static final Duration AWAY = Duration.ofSeconds(45);

  @Override
  public String id() {
    return "F-08";
  }

  @Override
  public String title() {
    return "all brokers are away";
  }

  @Override
  public String criterion() {
    return "no process ends, calls are answered 503 with Retry-After in 20 s";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    experiment.say("SIGKILL of all brokers for %d s".formatted(AWAY.toSeconds()));
    for (BrokerMember broker : experiment.cluster().brokers()) {
      experiment.kill(broker);
    }
    experiment.pause(AWAY);
    for (NodeMember node : experiment.cluster().nodes()) {
      answersNotNow(experiment, node);
      if (!node.isAlive()) {
        experiment.violated(
            Invariant.I10,
            node.name(),
            "it has ended with exit code %d because the brokers are away"
                .formatted(node.exitCode()));
      }
    }
    for (WorkerMember worker : experiment.cluster().workers()) {
      if (!worker.isAlive()) {
        experiment.violated(
            Invariant.I10, worker.name(), "it has ended because the brokers are away");
      }
    }
    experiment.cluster().brokers().forEach(Member::start);
  }

  private static void answersNotNow(Experiment experiment, NodeMember node)
      throws InterruptedException {
    int index = experiment.cluster().nodes().indexOf(node);
    Api.Answer answer = experiment.workload().ask(index, Template.BRIEF);
    boolean isRight =
        answer instanceof Api.Answer.Refused refused
            && refused.status() == 503
            && refused.hasRetryAfter();
    if (!isRight) {
      experiment.violated(
          Invariant.I10, node.name(), "without brokers a start is answered " + answer);
    }
  }
}
