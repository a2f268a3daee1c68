package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;

/**
 * What a Task state does about a job that its worker has submitted to some service, and which runs
 * on without the worker: it has a worker look at it from time to time, and stop it when nobody
 * waits for it any more.
 *
 * <pre>
 *   attempt --JobRuns(submitted)--> resting --timer--> under look --JobRuns--> resting
 *                                                          |
 *                                                          +-- TaskSucceeded, TaskFailed: over
 * </pre>
 *
 * At most one look is under way, and at most one timer, whatever is told twice: each would lead to
 * the next of its kind, for ever.
 */
final class SubmittedJob {

  private static final long SHORTEST_PAUSE_MILLIS = 100;

  private SubmittedJob() {}

  /** A worker has submitted the job, or has looked at it and found it running. */
  static void runs(
      Step step, Strand strand, State.Task task, Awaits.Task waited, Event.JobRuns told) {
    Awaits.Job known = waited.job();
    if (told.submitted() != null && known != null) {
      // The order was carried out twice. Where the service has told the two requests apart, there
      // is a second job, whose end nobody will look for.
      if (!known.reference().equals(told.job())) {
        stop(step, strand, task, told.job());
      }
      return;
    }
    long next = step.now() + pauseMillis(waited, told);
    if (told.submitted() != null) {
      TaskEvents.submitted(step, strand, task, told.submitted());
      known = new Awaits.Job(told.job(), step.now(), next, 0);
    } else if (known == null || known.nextLookMillis() != null) {
      return; // nobody was asked, or two were asked by the same order
    } else {
      known = known.lookedAt(next, told.unanswered());
    }
    strand.awaits = waited.beaten(step.now()).withJob(known);
    step.schedule(strand, TimerKey.Purpose.JOB, next);
  }

  /** A job can't beat: looks come often enough to stand for its heartbeats. */
  private static long pauseMillis(Awaits.Task waited, Event.JobRuns told) {
    Integer heartbeat = waited.heartbeatSeconds();
    long longest = heartbeat == null ? Long.MAX_VALUE : heartbeat * 1000L / 3;
    return Math.max(SHORTEST_PAUSE_MILLIS, Math.min(told.pauseMillis(), longest));
  }

  /** The timer has fired; a repeated one asks nobody. */
  static void lookDue(Step step, Strand strand, Awaits.Task waited) {
    Awaits.Job job = waited.job();
    if (job == null || job.nextLookMillis() == null || job.nextLookMillis() > step.now()) {
      return;
    }
    strand.awaits = waited.withJob(job.underLook());
    step.order(
        new Effect.LookAtJob(
            strand.id,
            strand.epoch,
            strand.state.name(),
            waited.resource(),
            job.reference(),
            job.sinceMillis(),
            job.unanswered(),
            waited.timeoutMillis()));
  }

  /**
   * Stops the job that a strand waits for, if it does: nobody waits for it any more, though it
   * hasn't ended. One that isn't known yet is told of too late, and the shell stops it then.
   */
  static void stop(Step step, Strand strand) {
    if (strand.awaits instanceof Awaits.Task waited
        && waited.job() != null
        && strand.state instanceof State.Task task) {
      stop(step, strand, task, waited.job().reference());
    }
  }

  private static void stop(Step step, Strand strand, State.Task task, String job) {
    step.order(new Effect.StopJob(strand.id, strand.epoch, task.name(), task.resource(), job));
  }
}
