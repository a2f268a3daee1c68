package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;

/**
 * Results that come when their attempt has timed out: of a worker that hung, and of one that
 * answers each first attempt too late, by a result that would be seen in the output.
 */
final class ZombieWorker implements Fault {

  private static final int LATE = 100;
  private static final Duration HANGS = Duration.ofSeconds(6);
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private int sent;

  @Override
  public String id() {
    return "F-04";
  }

  @Override
  public String title() {
    return "results that come too late";
  }

  @Override
  public String criterion() {
    return "all of them are refused";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    try (LateAnswers answers = LateAnswers.start(experiment.cluster())) {
      // Nodes learn of the function by its announcement.
      experiment.pause(Duration.ofSeconds(1));
      List<Start> starts = experiment.workload().startNow(Template.LATE, LATE);
      WorkerMember worker = experiment.anyOf(experiment.cluster().workers());
      // More than its heartbeats may be apart: its tasks time out, and it answers them later.
      experiment.workload().startNow(Template.BEATING, 9);
      experiment.say("SIGSTOP of %s for %d s".formatted(worker, HANGS.toSeconds()));
      worker.pause();
      experiment.pause(HANGS);
      worker.resume();
      experiment.awaitEnded(starts, LONGEST);
      sent += answers.late();
      experiment.say("%d late results so far".formatted(sent));
      if (answers.late() < LATE) {
        experiment.say("only %d of %d results came too late".formatted(answers.late(), LATE));
      }
    }
  }
}
