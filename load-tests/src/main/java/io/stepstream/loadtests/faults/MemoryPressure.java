package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/** Inputs of 200 kB and Maps of 1,000 items, on nodes with 384 MB of heap. */
final class MemoryPressure implements Fault {

  @Override
  public String id() {
    return "F-22";
  }

  @Override
  public String title() {
    return "large inputs and Maps with many items";
  }

  @Override
  public String criterion() {
    return "no process ends";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    experiment.say("8 executions with 200 kB and 1,000 items each");
    List<Start> large = experiment.workload().startNow(Template.LARGE, 8);
    experiment.awaitEnded(large, Duration.ofSeconds(60));
    for (NodeMember node : experiment.cluster().nodes()) {
      if (!node.isAlive()) {
        experiment.violated(
            Invariant.I11, node.name(), "it has ended with exit code " + node.exitCode());
      }
    }
  }
}
