package io.stepstream.asl.engine;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;

/**
 * Lets an execution that has ended without success go on where it has failed. It keeps its frames
 * for that, as they were when the failure came that nobody caught:
 *
 * <pre>
 *   failed state            Redrive        ── run again, with its input of old
 *   what ran beside it      Task, Time …   ── run again
 *   not entered yet         Continuation   ── entered
 *   Parallel, Map around    Branches, Items: results of what has succeeded are rows, and stay
 * </pre>
 *
 * A state that is run again is not entered again, and its events follow from its entry, as AWS
 * numbers them. What comes from the earlier attempt is stale, since all epochs grow.
 */
final class Redrive {

  private final Interpreter interpreter;
  private final Step step;

  private Redrive(Interpreter interpreter, Step step) {
    this.interpreter = interpreter;
    this.step = step;
  }

  /** Decides on a request. */
  static Decision of(
      Machine machine, ExecutionView view, Execution ended, StepContext context, Payload payload) {
    String refusal =
        RedriveRules.refusal(
            ended.status(), ended.startMillis(), ended.stopMillis(), context.nowMillis());
    if (refusal == null && ended.part() != null) {
      refusal = "Execution is a child workflow execution and can only be redriven by its Map Run";
    }
    if (refusal == null && view.frame(Execution.ROOT_FRAME) == null) {
      // It ended before it could run, or by a bug, or it is of a release that kept nothing.
      refusal = "Execution has kept nothing from which it could be redriven";
    }
    if (refusal != null) {
      return Decision.rejected(Rejection.Code.NOT_REDRIVABLE, refusal);
    }
    Long deadline = Engine.deadline(machine, ended.part(), context.nowMillis());
    Execution redriven = ended.redriven(context.nowMillis(), deadline);
    Step step = new Step(machine, view, redriven, null, context, payload, null);
    Interpreter interpreter = new Interpreter(step);
    step.emitAside(
        ended.nextEventId() - 1,
        HistoryEventType.EXECUTION_REDRIVEN,
        new HistoryDetails.ExecutionRedriven(redriven.redriveCount()));
    if (deadline != null) {
      step.schedule(redriven.timeout(), deadline);
    }
    new Redrive(interpreter, step).resume(step.existing(Execution.ROOT_FRAME));
    interpreter.run();
    return step.decision();
  }

  private void resume(Strand strand) {
    strand.epoch++;
    switch (strand.awaits) {
      case Awaits.Branches branches -> branches.active().forEach(this::resumeChild);
      case Awaits.Items items -> items.active().forEach(this::resumeChild);
      case Awaits.Continuation _ -> strand.awaits = null;
      case Awaits.Task _, Awaits.Time _, Awaits.Retry _, Awaits.Redrive _ -> runAgain(strand);
      case Awaits.MapRun _, Awaits.Shard _ ->
          throw new IllegalStateException("frame " + strand.id + " of an ended execution waits");
      case null -> throw new IllegalStateException("frame " + strand.id + " waits for nothing");
    }
    step.queue(strand);
  }

  private void resumeChild(long frameId) {
    // A child that fails at once again may end the others, or the execution.
    Strand child = step.closed() ? null : step.strand(frameId);
    if (child != null) {
      resume(child);
    }
  }

  private void runAgain(Strand strand) {
    strand.awaits = null;
    strand.resetRetries();
    strand.lastEventId = strand.enteredEventId;
    strand.eventBeforeEntry = strand.enteredEventId;
    interpreter.attempt(strand);
  }

  /** What becomes of the frames of an execution that has ended. */
  static void settle(Step step) {
    Strand root = step.strand(Execution.ROOT_FRAME);
    if (root == null) {
      return; // it has succeeded, or never had any
    }
    if (step.endsRedrivable()) {
      keep(step, root);
    } else {
      remove(step, root);
    }
  }

  private static void keep(Step step, Strand strand) {
    step.cancelFarTimers(strand);
    for (long id : Interpreter.activeChildren(strand.awaits)) {
      keep(step, step.existing(id));
    }
    // What is before the workers of an activity must not stay there: with another wait it is
    // withdrawn.
    boolean offered = strand.awaits instanceof Awaits.Task task && task.offeredMillis() != null;
    if (offered || strand.awaits == null || strand.awaits instanceof Awaits.MapRun) {
      strand.awaits = strand.entered ? new Awaits.Redrive() : new Awaits.Continuation();
    }
  }

  private static void remove(Step step, Strand strand) {
    for (long id : Interpreter.activeChildren(strand.awaits)) {
      remove(step, step.existing(id));
    }
    step.remove(strand);
  }
}
