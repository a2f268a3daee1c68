package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import java.util.ArrayList;
import java.util.List;

/** A Parallel state: every branch in a frame of its own, at the parent's partition. */
final class ParallelBehavior {

  private ParallelBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Parallel parallel) {
    switch (interpreter.arguments(parallel.data(), step.scope(strand))) {
      case Evaluation.Failed failed ->
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
      case Evaluation.Value(Object arguments) when step.encodeWithinLimit(arguments) == null ->
          interpreter.fail(strand, Interpreter.inputLimitExceeded(parallel));
      case Evaluation.Value(Object arguments) -> {
        long started =
            step.emit(
                strand, HistoryEventType.PARALLEL_STATE_STARTED, HistoryDetails.None.INSTANCE);
        long container = step.newContainer();
        int count = parallel.branches().size();
        List<Long> active = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          active.add(step.fork(strand, i, parallel.branches().get(i), started, arguments).id);
        }
        strand.await(new Awaits.Branches(container, count, 0, List.copyOf(active)));
      }
    }
  }

  /** O(1) but for the last one, which gathers the results. */
  static void branchEnded(
      Interpreter interpreter,
      Step step,
      Strand parent,
      Awaits.Branches branches,
      Strand branch,
      Object output) {
    parent.results.put(branch.index, output);
    parent.lastEventId = branch.lastEventId;
    int completed = branches.completed() + 1;
    if (completed < branches.count()) {
      parent.awaits =
          new Awaits.Branches(
              branches.container(),
              branches.count(),
              completed,
              without(branches.active(), branch.id));
      return;
    }
    List<Object> results = step.results(parent, branches.container(), branches.count());
    step.eraseChildRows(parent);
    parent.awaits = null;
    if (results == null) {
      interpreter.fail(parent, Interpreter.dataLimitExceeded(parent.state.name()));
      return;
    }
    step.payload.join(results);
    succeeded(interpreter, step, parent, (State.Parallel) parent.state, results);
  }

  static void succeeded(
      Interpreter interpreter, Step step, Strand strand, State.Parallel parallel, Object results) {
    step.emitAside(
        strand.lastEventId,
        HistoryEventType.PARALLEL_STATE_SUCCEEDED,
        HistoryDetails.None.INSTANCE);
    interpreter.complete(strand, parallel.data(), results, null, parallel.transition());
  }

  static List<Long> without(List<Long> ids, long gone) {
    List<Long> rest = new ArrayList<>(ids.size());
    for (long id : ids) {
      if (id != gone) {
        rest.add(id);
      }
    }
    return List.copyOf(rest);
  }
}
