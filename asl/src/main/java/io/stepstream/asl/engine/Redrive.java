package io.stepstream.asl.engine;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an execution that has ended without success go on where it has failed. It keeps its frames
 * for that, as they were when the failure came that nobody caught:
 *
 * <pre>
 *   failed state            Redrive        ── run again, with its input of old
 *   what ran beside it      Task, Time …   ── run again
 *   not entered yet         Continuation   ── entered
 *   Parallel, Map around    Branches, Items: results of what has succeeded are rows, and stay
 *   distributed Map         MapRun          ── goes on, with the children that have not succeeded
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

  private static final String KEPT_NOTHING =
      "Execution has kept nothing from which it could be redriven";

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
      refusal = KEPT_NOTHING;
    }
    if (refusal != null) {
      return Decision.rejected(Rejection.Code.NOT_REDRIVABLE, refusal);
    }
    Long deadline = Engine.deadline(machine, ended.part(), context.nowMillis());
    return go(
        machine,
        view,
        ended,
        ended.redriven(context.nowMillis(), deadline, ended.part()),
        context,
        payload);
  }

  /** Decides on what a shard asks of a child that was there before. */
  static Decision ofChild(
      Machine machine,
      ExecutionView view,
      Execution ended,
      Execution.Part.Child asked,
      StepContext context,
      Payload payload) {
    String refusal =
        RedriveRules.refusal(
            ended.status(), ended.startMillis(), ended.stopMillis(), context.nowMillis());
    if (!ended.unsuccessful()) {
      // It has succeeded before it could be stopped, and has told its shard so.
      return Decision.rejected(Rejection.Code.NOT_REDRIVABLE, "The execution has not failed.");
    }
    if (refusal == null && view.frame(Execution.ROOT_FRAME) == null) {
      refusal = KEPT_NOTHING;
    }
    if (refusal != null) {
      return new Decision(
          List.of(
              new Effect.PutExecution(ended.as(asked)),
              Shard.end(ended, asked, null, Failure.RUNTIME, refusal)),
          null);
    }
    Long deadline = Engine.deadline(machine, asked, context.nowMillis());
    Execution redriven = ended.redriven(context.nowMillis(), deadline, asked);
    return go(machine, view, ended, redriven, context, payload);
  }

  private static Decision go(
      Machine machine,
      ExecutionView view,
      Execution ended,
      Execution redriven,
      StepContext context,
      Payload payload) {
    Step step = new Step(machine, view, redriven, null, context, payload, null);
    Interpreter interpreter = new Interpreter(step);
    step.emitAside(
        ended.nextEventId() - 1,
        HistoryEventType.EXECUTION_REDRIVEN,
        new HistoryDetails.ExecutionRedriven(redriven.redriveCount()));
    if (redriven.deadlineMillis() != null) {
      step.schedule(redriven.timeout(), redriven.deadlineMillis());
    }
    new Redrive(interpreter, step).resume(step.existing(Execution.ROOT_FRAME));
    interpreter.run();
    return step.decision();
  }

  private void resume(Strand strand) {
    strand.epoch++;
    strand.told = true; // when the execution ended
    switch (strand.awaits) {
      case Awaits.Branches branches -> branches.active().forEach(this::resumeChild);
      case Awaits.Items items -> items.active().forEach(this::resumeChild);
      case Awaits.Continuation _ -> strand.awaits = null;
      case Awaits.Task _, Awaits.Time _, Awaits.Retry _, Awaits.Redrive _ -> runAgain(strand);
      case Awaits.MapRun run -> MapRunBehavior.redrive(interpreter, step, strand, run);
      case Awaits.Shard _ ->
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
      Awaits.MapRun run = mapRun(step, strand);
      strand.awaits =
          run != null ? run : strand.entered ? new Awaits.Redrive() : new Awaits.Continuation();
    }
  }

  /** The Map run that a strand's state has ended with; null: none that could go on. */
  private static Awaits.@Nullable MapRun mapRun(Step step, Strand strand) {
    for (OverMapRun over : step.overMapRuns()) {
      if (over.strand() == strand && over.isKept()) {
        return over.run();
      }
    }
    return null;
  }

  private static void remove(Step step, Strand strand) {
    for (long id : Interpreter.activeChildren(strand.awaits)) {
      remove(step, step.existing(id));
    }
    step.remove(strand);
  }
}
