package io.stepstream.loadtests.faults;

import java.time.Duration;

/** Workers die while they run tasks. */
final class WorkerKill implements Fault {

  private static final int KILLS = 2;

  @Override
  public String id() {
    return "F-03";
  }

  @Override
  public String title() {
    return "SIGKILL of a worker at its tasks";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    for (int i = 0; i < KILLS; i++) {
      // So that there are tasks to die over: a BEATING one takes three seconds.
      experiment.workload().startNow(Template.BEATING, 4);
      experiment.pause(Duration.ofMillis(300), Duration.ofSeconds(2));
      WorkerMember worker = experiment.anyOf(experiment.cluster().workers());
      experiment.say("SIGKILL of " + worker);
      experiment.kill(worker);
      worker.start();
      worker.awaitReady(Cluster.LONGEST_START);
    }
  }
}
