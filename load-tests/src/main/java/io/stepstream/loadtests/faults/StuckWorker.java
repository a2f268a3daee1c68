package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/** Functions that hang hold the workers' permits until their attempts time out. */
final class StuckWorker implements Fault {

  @Override
  public String id() {
    return "F-05";
  }

  @Override
  public String title() {
    return "tasks that never answer";
  }

  @Override
  public String criterion() {
    return "their attempts time out and are retried; the others go on";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Start> stuck = experiment.workload().startNow(Template.STUCK, 30);
    experiment.say("30 executions whose task hangs");
    experiment.awaitEnded(stuck, Duration.ofSeconds(30));
  }
}
