package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/** What a task calls is down: its retries are bounded. */
final class DeadService implements Fault {

  @Override
  public String id() {
    return "F-24";
  }

  @Override
  public String title() {
    return "a service that refuses every call";
  }

  @Override
  public String criterion() {
    return "retries are bounded; the others go on";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Start> dead = experiment.workload().startNow(Template.DEAD, 30);
    experiment.say("30 executions whose service is dead");
    experiment.awaitEnded(dead, Duration.ofSeconds(40));
  }
}
