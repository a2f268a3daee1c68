package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.json.Decoded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interpreter's one entry: {@link #step}. Stateless.
 *
 * <p>Complexity: a step costs what its transitions cost, at most {@link Limits#transitionsPerStep}
 * of them; the completion of a branch or item is O(1), but for the last one, which gathers the
 * results once.
 */
public final class Engine {

  private Engine() {}

  /**
   * Decides what an event means for an execution.
   *
   * @param view the rows of the execution which the event is for
   * @throws IllegalStateException only when rows contradict one another: corruption or a bug, never
   *     a user's doing
   */
  public static Decision step(
      Machine machine, ExecutionView view, Event event, StepContext context) {
    return step(machine, view, event, context, new Payload());
  }

  static Decision step(
      Machine machine, ExecutionView view, Event event, StepContext context, Payload payload) {
    Execution execution = view.execution();
    if (event instanceof Event.Started started) {
      return execution == null
          ? start(machine, view, started, null, context, payload)
          : alreadyStarted(started.arn());
    }
    if (event instanceof Event.ChildStarted(Event.Started started, Execution.Part.Child child)) {
      if (execution == null) {
        return start(machine, view, started, child, context, payload);
      }
      return execution.part() instanceof Execution.Part.Child known
              && child.redrive() > known.redrive()
          ? Redrive.ofChild(machine, view, execution, child, context, payload)
          : alreadyStarted(started.arn());
    }
    if (event instanceof Event.ShardStarted
        || event instanceof Event.ShardProbed
        || event instanceof Event.ShardResumed
        || execution != null && execution.part() instanceof Execution.Part.Shard) {
      return stepShard(view, event, context);
    }
    if (execution == null) {
      return unknown();
    }
    if (event instanceof Event.RedriveRequested) {
      return Redrive.of(machine, view, execution, context, payload);
    }
    if (!execution.running() && !isHeardAfterEnd(event)) {
      return Decision.rejected(Rejection.Code.ALREADY_CLOSED, "The execution has ended.");
    }
    Step step = new Step(machine, view, execution, null, context, payload, null);
    Interpreter interpreter = new Interpreter(step);
    boolean accepted =
        switch (event) {
          case Event.Started _, Event.ChildStarted _, Event.RedriveRequested _ ->
              throw new IllegalStateException("handled above");
          case Event.OfShard _ -> false;
          case Event.MapRunUpdated update ->
              MapRunBehavior.take(
                  interpreter,
                  step,
                  update.frameId(),
                  update.epoch(),
                  progress -> progress.update(update));
          case Event.OfMapRun told -> MapRunBehavior.take(interpreter, step, told);
          case Event.TaskSucceeded(long frame, int epoch, byte[] output)
              when MapRunBehavior.isAt(step, frame) ->
              MapRunBehavior.take(
                  interpreter, step, frame, epoch, progress -> progress.answered(output));
          case Event.TaskFailed(long frame, int epoch, String error, String cause)
              when MapRunBehavior.isAt(step, frame) ->
              MapRunBehavior.take(
                  interpreter, step, frame, epoch, progress -> progress.unanswered(error, cause));
          case Event.TaskSucceeded(long frame, int epoch, byte[] output) ->
              task(
                  step,
                  frame,
                  epoch,
                  (strand, task, _) -> {
                    strand.awaits = null;
                    strand.told = true;
                    TaskBehavior.succeeded(interpreter, step, strand, task, output);
                    step.resumeIfReady(strand);
                  });
          case Event.TaskFailed(long frame, int epoch, String error, String cause) ->
              task(
                  step,
                  frame,
                  epoch,
                  (strand, task, _) -> {
                    strand.awaits = null;
                    strand.told = true;
                    TaskBehavior.failed(interpreter, step, strand, task, Failure.of(error, cause));
                    step.resumeIfReady(strand);
                  });
          case Event.TaskStarted(long frame, int epoch, String workerName) ->
              TaskBehavior.taken(step, frame, epoch, workerName);
          case Event.TaskSubmitted(long frame, int epoch, byte[] output, String child) ->
              task(
                  step,
                  frame,
                  epoch,
                  (strand, task, waited) ->
                      NestedExecution.submitted(step, strand, task, waited, output, child));
          case Event.TaskHeartbeat(long frame, int epoch) ->
              task(
                  step,
                  frame,
                  epoch,
                  (strand, _, waited) -> strand.awaits = waited.beaten(context.nowMillis()));
          case Event.JobRuns told ->
              task(
                  step,
                  told.frameId(),
                  told.epoch(),
                  (strand, task, waited) -> SubmittedJob.runs(step, strand, task, waited, told));
          case Event.TimerFired(TimerKey timer) -> fire(interpreter, step, timer);
          case Event.StopRequested(String error, String cause) -> {
            interpreter.end(
                Execution.Status.ABORTED,
                HistoryEventType.EXECUTION_ABORTED,
                Failure.of(error, cause));
            yield true;
          }
        };
    if (!accepted) {
      return Decision.rejected(
          Rejection.Code.STALE, "Nothing waits for this: the attempt has ended or was replaced.");
    }
    interpreter.run();
    return step.decision();
  }

  /**
   * Whether an execution that has ended may still have use for an event: a shard that has succeeded
   * says so once, and is no more, and a redrive must know.
   */
  public static boolean isHeardAfterEnd(Event event) {
    return event instanceof Event.ShardResults || event instanceof Event.ShardEnded;
  }

  /**
   * The same for an event of a shard of a Map run, which needs no definition: what its children run
   * is their own affair.
   */
  public static Decision stepShard(ExecutionView view, Event event, StepContext context) {
    Execution shard = view.execution();
    if (event instanceof Event.ShardStarted started) {
      return shard == null ? Shard.start(started, view, context) : alreadyStarted(started.arn());
    }
    if (event instanceof Event.ShardProbed probe) {
      return shard == null ? Shard.lost(probe) : new Decision(List.of(), null);
    }
    if (event instanceof Event.ShardResumed resumed && shard == null) {
      return Shard.lost(resumed);
    }
    return shard == null ? unknown() : Shard.step(shard, view, event, context);
  }

  private static Decision unknown() {
    return Decision.rejected(
        Rejection.Code.UNKNOWN_EXECUTION, "There is no execution to which this event belongs.");
  }

  private static Decision alreadyStarted(String arn) {
    return Decision.rejected(
        Rejection.Code.ALREADY_STARTED, "Execution Already Exists: '" + arn + "'");
  }

  static Execution begun(Event.Started started, @Nullable Long deadline) {
    return begun(started, deadline, null);
  }

  private static Execution begun(
      Event.Started started, @Nullable Long deadline, Execution.@Nullable Part part) {
    return new Execution(
        started.arn(),
        started.name(),
        started.stateMachineArn(),
        started.roleArn(),
        started.express(),
        Execution.Status.RUNNING,
        started.startMillis(),
        null,
        deadline,
        1,
        Execution.ROOT_FRAME,
        0,
        0,
        null,
        part,
        started.trigger() != null);
  }

  private static Decision start(
      Machine machine,
      ExecutionView view,
      Event.Started started,
      Execution.Part.@Nullable Child child,
      StepContext context,
      Payload payload) {
    Long deadline = deadline(machine, child, started.startMillis());
    if (started.express()) {
      long limit = started.startMillis() + EXPRESS_LIMIT_MILLIS;
      deadline = deadline == null ? limit : Math.min(deadline, limit);
    }
    Execution execution = begun(started, deadline, child);
    Step step = new Step(machine, view, execution, started, context, payload, null);
    Interpreter interpreter = new Interpreter(step);
    step.emitStarted(
        started.startMillis(),
        new HistoryDetails.ExecutionStarted(started.input(), started.roleArn()));
    switch (step.payload.decode(started.input())) {
      case Decoded.Tree(Object input) -> step.forkRoot(input);
      case Decoded.Malformed malformed -> {
        // The edge refuses such input; a record published straight to a topic may still carry it.
        String cause =
            "The execution input is not valid JSON: %s (line %d, column %d)."
                .formatted(malformed.message(), malformed.line(), malformed.column());
        step.emitAside(
            1,
            HistoryEventType.EXECUTION_FAILED,
            new HistoryDetails.Failure(Failure.RUNTIME, cause));
        step.close(Execution.Status.FAILED, null, Failure.RUNTIME, cause);
      }
    }
    if (deadline != null) {
      step.schedule(execution.timeout(), deadline);
    }
    interpreter.run();
    return step.decision();
  }

  /** TimeoutSeconds of the machine is for its own executions. Null: there is none. */
  static @Nullable Long deadline(Machine machine, Execution.@Nullable Part part, long fromMillis) {
    Integer timeout = part == null ? machine.definition().timeoutSeconds() : null;
    return timeout == null ? null : fromMillis + timeout * 1000L;
  }

  /**
   * Fails an execution whose step broke, without interpreting it: the shell's answer to a bug. A
   * start that broke becomes an execution that has failed, since its caller may have been told of
   * it. The shell must remove the frames and payloads, which aren't looked at here; a running
   * execution that can never end would be worse than rows left behind.
   */
  public static Decision abandon(
      ExecutionView view, Event event, String cause, StepContext context) {
    return abandon(view, event, Failure.of(Failure.RUNTIME, cause), context);
  }

  /**
   * The same where a step has made more than the shell can store or send. No catcher is asked: what
   * is too large may be what any further step would write again.
   */
  public static Decision abandonTooLarge(
      ExecutionView view, Event event, String cause, StepContext context) {
    return abandon(view, event, Failure.of(Failure.DATA_LIMIT_EXCEEDED, cause), context);
  }

  private static Decision abandon(
      ExecutionView view, Event event, Failure failure, StepContext context) {
    Execution execution = view.execution();
    if (execution != null && execution.part() instanceof Execution.Part.Shard) {
      return Shard.abandon(execution, view, failure, context);
    }
    if (execution == null && event instanceof Event.ShardStarted started) {
      return Shard.abandon(started, failure);
    }
    List<Effect> effects = new ArrayList<>();
    byte[] input;
    long id;
    Event.Started start = event instanceof Event.ChildStarted child ? child.start() : null;
    if (event instanceof Event.Started started) {
      start = started;
    }
    if (execution == null && start != null) {
      Event.Started started = start;
      execution =
          begun(started, null, event instanceof Event.ChildStarted child ? child.part() : null);
      input = started.input();
      id = 2;
      effects.add(
          new Effect.Record(
              new HistoryEvent(
                  1,
                  0,
                  started.startMillis(),
                  HistoryEventType.EXECUTION_STARTED,
                  new HistoryDetails.ExecutionStarted(started.input(), started.roleArn()))));
    } else if (execution == null || !execution.running()) {
      return Decision.rejected(
          Rejection.Code.UNKNOWN_EXECUTION, "There is no execution that could end of this.");
    } else {
      input = view.value(ValueKey.EXECUTION_INPUT);
      id = execution.nextEventId();
      // The shell removes the rows bit by bit; without its root no redrive begins in between.
      effects.add(new Effect.DeleteFrame(Execution.ROOT_FRAME));
    }
    Long deadline = execution.deadlineMillis();
    if (deadline != null) {
      effects.add(new Effect.Cancel(execution.timeout(), deadline));
    }
    Execution ended =
        execution
            .advanced(id + 1, execution.nextFrameId(), execution.transitions())
            .ended(Execution.Status.FAILED, context.nowMillis());
    effects.add(
        new Effect.Record(
            new HistoryEvent(
                id,
                id - 1,
                context.nowMillis(),
                HistoryEventType.EXECUTION_FAILED,
                new HistoryDetails.Failure(failure.error(), failure.cause()))));
    effects.add(new Effect.PutExecution(ended));
    effects.add(
        new Effect.Close(
            ended, input == null ? new byte[0] : input, null, failure.error(), failure.cause()));
    if (execution.part() instanceof Execution.Part.Child child) {
      effects.add(Shard.end(ended, child, null, failure.error(), failure.cause()));
    }
    return new Decision(effects, null);
  }

  /** AWS's maximal duration of an Express execution. */
  private static final long EXPRESS_LIMIT_MILLIS = 300_000;

  private interface TaskAction {
    void run(Strand strand, State.Task task, Awaits.Task waited);
  }

  /** False: no such attempt is awaited, which makes duplicates and late answers harmless. */
  private static boolean task(Step step, long frameId, int epoch, TaskAction action) {
    Strand strand = step.strand(frameId);
    if (strand == null
        || strand.epoch != epoch
        || !(strand.awaits instanceof Awaits.Task waited)
        || !(strand.state instanceof State.Task task)) {
      return false;
    }
    action.run(strand, task, waited);
    return true;
  }

  private static boolean fire(Interpreter interpreter, Step step, TimerKey timer) {
    if (timer.purpose() == TimerKey.Purpose.EXECUTION_TIMEOUT) {
      if (!timer.equals(step.execution().timeout())) {
        return false;
      }
      interpreter.end(
          Execution.Status.TIMED_OUT,
          HistoryEventType.EXECUTION_TIMED_OUT,
          Failure.of(Failure.TIMEOUT, null));
      return true;
    }
    Strand strand = step.strand(timer.frameId());
    if (strand == null || strand.epoch != timer.epoch()) {
      return false;
    }
    boolean accepted =
        switch (strand.awaits) {
          case Awaits.Time _ when strand.state instanceof State.Wait wait -> {
            strand.awaits = null;
            WaitBehavior.ended(interpreter, strand, wait);
            yield true;
          }
          case Awaits.Retry _ -> {
            strand.awaits = null;
            interpreter.attempt(strand);
            yield true;
          }
          case Awaits.Continuation _ -> {
            strand.awaits = null;
            yield true;
          }
          case Awaits.MapRun run when strand.state instanceof State.MapState map -> {
            if (timer.purpose() == TimerKey.Purpose.WATCH) {
              MapRunBehavior.watch(step, strand, run);
            } else {
              MapRunBehavior.resume(interpreter, step, strand, map, run);
            }
            yield true;
          }
          case Awaits.Task waited when strand.state instanceof State.Task task -> {
            switch (timer.purpose()) {
              case HEARTBEAT -> TaskBehavior.heartbeatDue(interpreter, step, strand, task, waited);
              case JOB -> SubmittedJob.lookDue(step, strand, waited);
              default -> TaskBehavior.deadlinePassed(interpreter, step, strand);
            }
            yield true;
          }
          case null, default -> false;
        };
    if (accepted) {
      step.resumeIfReady(strand);
    }
    return accepted;
  }
}
