package io.stepstream.asl.engine;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drives strands through their flows: enters states, leaves them, ends flows, hands failures to
 * whom they concern. What a state type does in between is its behavior's.
 *
 * <pre>
 *   enter ──> attempt ──┬─> leave ──> enter (Next) | flowEnded (End)
 *               ^       ├─> await …  (the strand rests until an event resumes it)
 *               │       └─> fail ──┬─> await Retry ──> attempt
 *               │                  ├─> leave (Catch)
 *               └──────────────────└─> flowFailed ──> the parent's fail, or the end
 * </pre>
 */
final class Interpreter {

  private final Step step;

  Interpreter(Step step) {
    this.step = step;
  }

  /** Runs every strand until it waits or its flow has ended. */
  void run() {
    for (Strand strand = step.nextRunnable(); strand != null; strand = step.nextRunnable()) {
      while (strand.ready() && !step.closed()) {
        if (!step.mayEnter()) {
          strand.await(new Awaits.Continuation());
          step.schedule(strand, TimerKey.Purpose.CONTINUE, step.now());
        } else if (step.transitionsExhausted()) {
          flowFailed(
              strand,
              Failure.of(
                  Failure.RUNTIME,
                  "The execution reached the maximum number of state transitions (%d)."
                      .formatted(step.context.limits().transitionsPerExecution())));
        } else {
          enter(strand);
        }
      }
    }
    step.emitStarts();
    if (step.closed()) {
      Redrive.settle(step);
    }
    step.overMapRuns().forEach(over -> over.settle(step));
  }

  private void enter(Strand strand) {
    State state = strand.state;
    strand.resetRetries();
    strand.eventBeforeEntry = strand.lastEventId;
    strand.enteredMillis = step.now();
    strand.entered = true;
    HistoryDetails entered =
        new HistoryDetails.StateEntered(state.name(), step.payload.encode(step.input(strand)));
    strand.enteredEventId = step.emit(strand, StateEvents.entered(state), entered);
    attempt(strand);
  }

  /** Does the work of the current state, for the first time or again. */
  void attempt(Strand strand) {
    switch (strand.state) {
      case State.Pass pass -> PassBehavior.attempt(this, step, strand, pass);
      case State.Task task -> TaskBehavior.attempt(this, step, strand, task);
      case State.Choice choice -> ChoiceBehavior.attempt(this, step, strand, choice);
      case State.Wait wait -> WaitBehavior.attempt(this, step, strand, wait);
      case State.Succeed succeed ->
          complete(strand, succeed.data(), null, null, new Transition.End());
      case State.Fail fail -> FailBehavior.attempt(this, step, strand, fail);
      case State.Parallel parallel -> ParallelBehavior.attempt(this, step, strand, parallel);
      case State.MapState map -> MapBehavior.attempt(this, step, strand, map);
    }
  }

  // ------------------------------------------------------------------ data flow

  /** InputPath and Parameters, or Arguments: what the state's work gets. */
  Evaluation arguments(DataFlow data, Scope scope) {
    return switch (data) {
      case DataFlow.JsonPath path -> {
        Evaluation effective = effectiveInput(path, scope);
        if (!(effective instanceof Evaluation.Value(Object input))) {
          yield effective;
        }
        yield shown(
            Inspection.Stage.AFTER_PARAMETERS,
            path.parameters() == null
                ? effective
                : path.parameters().evaluate(scope.withInput(input)));
      }
      case DataFlow.Jsonata jsonata ->
          shown(
              Inspection.Stage.AFTER_ARGUMENTS,
              jsonata.arguments() == null
                  ? Evaluation.of(scope.input())
                  : jsonata.arguments().evaluate(scope));
    };
  }

  Evaluation effectiveInput(DataFlow data, Scope scope) {
    return switch (data) {
      case DataFlow.JsonPath path ->
          shown(
              Inspection.Stage.AFTER_INPUT_PATH,
              path.inputPath() == null
                  ? Evaluation.of(scope.input())
                  : path.inputPath().evaluate(scope));
      case DataFlow.Jsonata _ -> Evaluation.of(scope.input());
    };
  }

  private Evaluation shown(Inspection.Stage stage, Evaluation evaluation) {
    if (evaluation instanceof Evaluation.Value(Object value)) {
      step.show(stage, value);
    }
    return evaluation;
  }

  /**
   * The state has done its work: makes its output, assigns variables and leaves it.
   *
   * @param result the result of the work; null: the state has none and its input goes on
   * @param effectiveInput what stands for the result where there is none (JSONPath); null: to be
   *     computed
   */
  void complete(
      Strand strand,
      DataFlow data,
      @Nullable Object result,
      @Nullable Object effectiveInput,
      Transition transition) {
    Scope scope = step.scope(strand);
    switch (data) {
      case DataFlow.JsonPath path -> {
        Object selected = result != null ? result : effectiveInput;
        if (selected == null) {
          switch (effectiveInput(path, scope)) {
            case Evaluation.Failed failed -> {
              fail(strand, step.evaluationFailure(strand, failed.error()));
              return;
            }
            case Evaluation.Value(Object input) -> selected = input;
          }
        } else if (result != null && path.resultSelector() != null) {
          switch (path.resultSelector().evaluate(scope.withInput(result))) {
            case Evaluation.Failed failed -> {
              fail(strand, step.evaluationFailure(strand, failed.error()));
              return;
            }
            case Evaluation.Value(Object value) -> selected = value;
          }
        }
        Evaluation output = path.resultPath().put(scope.input(), selected);
        if (result != null || effectiveInput != null) {
          step.show(Inspection.Stage.AFTER_RESULT_SELECTOR, selected);
          output = shown(Inspection.Stage.AFTER_RESULT_PATH, output);
        }
        if (path.outputPath() != null && output instanceof Evaluation.Value(Object combined)) {
          output = path.outputPath().evaluate(scope.withInput(combined));
        }
        failIf(strand, leave(strand, output, path.assign(), scope.withInput(selected), transition));
      }
      case DataFlow.Jsonata jsonata -> {
        Scope outer = result == null ? scope : scope.withResult(result);
        Evaluation output =
            jsonata.output() != null
                ? jsonata.output().evaluate(outer)
                : Evaluation.of(result != null ? result : scope.input());
        failIf(strand, leave(strand, output, jsonata.assign(), outer, transition));
      }
    }
  }

  /** What becomes of a state that could not be left. */
  void failIf(Strand strand, @Nullable Failure failure) {
    if (failure != null) {
      fail(strand, failure);
    }
  }

  /**
   * Leaves the state with that output.
   *
   * @return why it could not be left: the output or an assignment failed; null: it is left. The
   *     caller fails it, since a state whose catcher fails must not be caught by it again
   */
  @Nullable Failure leave(
      Strand strand,
      Evaluation output,
      Map<String, Expression> assign,
      Scope assignScope,
      Transition transition) {
    Object value;
    switch (output) {
      case Evaluation.Failed failed -> {
        return step.evaluationFailure(strand, failed.error());
      }
      case Evaluation.Value(Object json) -> value = json;
    }
    Map<String, Object> assigned = Map.of();
    if (!assign.isEmpty()) {
      assigned = new LinkedHashMap<>();
      for (Map.Entry<String, Expression> variable : assign.entrySet()) {
        switch (variable.getValue().evaluate(assignScope)) {
          case Evaluation.Failed failed -> {
            return step.evaluationFailure(strand, failed.error());
          }
          case Evaluation.Value(Object json) -> assigned.put(variable.getKey(), json);
        }
      }
    }
    byte[] bytes = step.encodeWithinLimit(value);
    if (bytes == null) {
      return dataLimitExceeded(strand.state.name());
    }
    Map<String, byte[]> assignedBytes = Map.of();
    if (!assigned.isEmpty()) {
      assignedBytes = new LinkedHashMap<>();
      // AWS's limit of one Assign is that of a payload; the event tells all of it in one record.
      int left = step.context.limits().payloadBytes();
      for (Map.Entry<String, Object> variable : assigned.entrySet()) {
        byte[] json = step.payload.encode(variable.getValue(), left);
        if (json == null) {
          return variablesTooLarge(strand.state);
        }
        left -= json.length;
        assignedBytes.put(variable.getKey(), json);
      }
      if (!step.assign(strand, assigned)) {
        return variablesTooLarge(strand.state);
      }
    }
    step.emit(
        strand,
        StateEvents.exited(strand.state),
        new HistoryDetails.StateExited(strand.state.name(), bytes, assignedBytes));
    switch (transition) {
      case Transition.Next(String next) -> strand.moveTo(strand.flow.state(next), value);
      case Transition.End() -> flowEnded(strand, value, bytes);
    }
    return null;
  }

  private static Failure variablesTooLarge(State state) {
    return Failure.of(
        Failure.DATA_LIMIT_EXCEEDED,
        "The variables that the state '%s' assigns exceed the maximum number of bytes service limit."
            .formatted(state.name()));
  }

  /** What a state hands to its iterations or branches is too large. */
  static Failure inputLimitExceeded(State state) {
    return Failure.of(
        Failure.DATA_LIMIT_EXCEEDED,
        "The input of the state/task '%s' exceeds the maximum number of bytes service limit."
            .formatted(state.name()));
  }

  static Failure dataLimitExceeded(String what) {
    return Failure.of(
        Failure.DATA_LIMIT_EXCEEDED,
        "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
            .formatted(what));
  }

  // ------------------------------------------------------------------ ends of flows

  private void flowEnded(Strand strand, Object output, byte[] bytes) {
    if (strand.root()) {
      step.emit(
          strand,
          HistoryEventType.EXECUTION_SUCCEEDED,
          new HistoryDetails.ExecutionSucceeded(bytes));
      step.close(Execution.Status.SUCCEEDED, bytes, null, null);
      step.remove(strand);
      return;
    }
    Strand parent = step.existing(strand.parentId);
    step.remove(strand);
    switch (parent.awaits) {
      case Awaits.Branches branches ->
          ParallelBehavior.branchEnded(this, step, parent, branches, strand, output);
      case Awaits.Items items -> MapBehavior.itemEnded(this, step, parent, items, strand, output);
      case null, default ->
          throw new IllegalStateException(
              "frame " + parent.id + " doesn't wait for its child " + strand.id);
    }
    step.resumeIfReady(parent);
  }

  /**
   * The state failed: retry, catch, or fail the flow. States.Runtime ends the flow at once, without
   * the event by which a Map or Parallel state tells its failure.
   */
  void fail(Strand strand, Failure failure) {
    if (strand.state instanceof State.Retryable state && !failure.isRuntime()) {
      ErrorHandler.handle(this, step, strand, state, failure);
    } else {
      flowFailed(strand, failure);
    }
  }

  /** A branch or item of the state failed. */
  void childFailed(Strand strand, Failure failure) {
    if (strand.state instanceof State.Retryable state) {
      ErrorHandler.handle(this, step, strand, state, failure);
    } else {
      flowFailed(strand, failure);
    }
  }

  void flowFailed(Strand strand, Failure failure) {
    if (strand.root()) {
      step.emit(
          strand,
          HistoryEventType.EXECUTION_FAILED,
          new HistoryDetails.Failure(failure.error(), failure.cause()));
      step.close(Execution.Status.FAILED, null, failure.error(), failure.cause());
      return;
    }
    Strand parent = step.existing(strand.parentId);
    if (parent.state instanceof State.MapState map) {
      step.emitAside(
          strand.lastEventId,
          HistoryEventType.MAP_ITERATION_FAILED,
          new HistoryDetails.MapIteration(map.name(), strand.index));
    }
    tellAborted(strand, strand.lastEventId);
    tellChildrenAborted(parent, strand, strand.lastEventId);
    Awaits children = parent.awaits;
    parent.lastEventId = strand.lastEventId;
    parent.awaits = null;
    childFailed(parent, failure);
    if (step.closed()) {
      // Nobody has caught it: a redrive finds everything as it was when the failure came.
      parent.awaits = children;
      return;
    }
    remove(activeChildren(children));
    step.eraseChildRows(parent);
    step.resumeIfReady(parent);
  }

  /** A Map state fails while iterations are under way. */
  void failWithChildren(Strand strand, Failure failure) {
    tellChildrenAborted(strand, null, strand.lastEventId);
    remove(activeChildren(strand.awaits));
    step.eraseChildRows(strand);
    strand.awaits = null;
    fail(strand, failure);
  }

  /** Ends the whole execution from outside: stopped or timed out. */
  void end(Execution.Status status, HistoryEventType type, Failure failure) {
    Strand root = step.existing(Execution.ROOT_FRAME);
    abortAwaited(root);
    step.emitAside(0, type, new HistoryDetails.Failure(failure.error(), failure.cause()));
    step.close(status, null, failure.error(), failure.cause());
  }

  /**
   * Tells that what runs below a frame ends, by the events by which AWS tells it.
   *
   * @param reason the child whose failure is the reason, of which it was told; null: there is none
   */
  private void tellChildrenAborted(Strand parent, @Nullable Strand reason, long previousEventId) {
    for (long child : activeChildren(parent.awaits)) {
      Strand strand = step.strand(child);
      if (strand == null || strand == reason) {
        continue;
      }
      if (parent.state instanceof State.MapState map) {
        step.emitAside(
            previousEventId,
            HistoryEventType.MAP_ITERATION_ABORTED,
            new HistoryDetails.MapIteration(map.name(), strand.index));
      }
      HistoryEventType aborted = StateEvents.aborted(strand.state);
      if (aborted != null && strand.awaits != null && strand.entered) {
        step.emitAside(previousEventId, aborted, HistoryDetails.None.INSTANCE);
      }
      abortAwaited(strand);
    }
  }

  /**
   * A state that ends the flow around it without an event of its own failure is told to be aborted;
   * a Map or Parallel state has told it.
   */
  private void tellAborted(Strand strand, long previousEventId) {
    HistoryEventType aborted =
        strand.state instanceof State.Task || strand.state instanceof State.Wait
            ? StateEvents.aborted(strand.state)
            : null;
    if (aborted != null) {
      step.emitAside(previousEventId, aborted, HistoryDetails.None.INSTANCE);
    }
  }

  /** Ends what a frame and those below it wait for: Map runs, nested executions and jobs. */
  private void abortAwaited(Strand strand) {
    if (strand.awaits instanceof Awaits.MapRun run) {
      MapRunBehavior.abort(step, strand, run);
    }
    SubmittedJob.stop(step, strand);
    NestedExecution.stop(step, strand);
    for (long id : activeChildren(strand.awaits)) {
      Strand child = step.strand(id);
      if (child != null) {
        abortAwaited(child);
      }
    }
  }

  private void remove(List<Long> frames) {
    for (long id : frames) {
      Strand strand = step.strand(id);
      if (strand != null) {
        step.remove(strand);
        remove(activeChildren(strand.awaits));
      }
    }
  }

  /** The other branches or iterations of the same state that are under way. */
  List<Strand> besides(Strand strand) {
    return strand.root()
        ? List.of()
        : activeChildren(step.existing(strand.parentId).awaits).stream()
            .filter(id -> id != strand.id)
            .map(step::existing)
            .toList();
  }

  /** Frames of the branches or iterations under way. */
  static List<Long> activeChildren(@Nullable Awaits awaits) {
    return switch (awaits) {
      case Awaits.Branches branches -> branches.active();
      case Awaits.Items items -> items.active();
      case null, default -> List.of();
    };
  }
}
