package io.stepstream.asl.engine;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An inline Map state: a window of iterations moves over the items, so no step is larger than the
 * window. The items lie in chunks and the results in rows of their own: a completion touches its
 * result row and the window, O(1).
 */
final class MapBehavior {

  /** Size of a chunk of items: an item is a point read and a short decode. */
  private static final int CHUNK_BYTES = 64 * 1024;

  private MapBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.MapState map) {
    if (map.distributed() != null) {
      MapRunBehavior.attempt(interpreter, step, strand, map);
      return;
    }
    MapPlan plan = MapPlan.of(interpreter, step, strand, map, null);
    if (plan == null) {
      return;
    }
    List<?> items = plan.items();
    step.emit(
        strand, HistoryEventType.MAP_STATE_STARTED, new HistoryDetails.MapStarted(items.size()));
    if (items.isEmpty()) {
      succeeded(interpreter, step, strand, map, List.of());
      return;
    }
    strand.items = items;
    Awaits.Items window =
        new Awaits.Items(
            step.newContainer(),
            items.size(),
            0,
            0,
            maxConcurrency(plan.maxConcurrency(), step.context.limits()),
            itemsPerChunk(items.size(), plan.itemsBytes()),
            List.of());
    strand.await(window);
    fill(interpreter, step, strand, map, strand.lastEventId);
  }

  private static int maxConcurrency(long asked, Limits limits) {
    return asked == 0 ? limits.mapConcurrency() : (int) Math.min(asked, limits.mapConcurrency());
  }

  static int itemsPerChunk(int items, int bytes) {
    return Math.max(1, Math.ceilDiv(items, Math.ceilDiv(bytes, CHUNK_BYTES)));
  }

  /** Starts items until the window is full or none is left. */
  private static void fill(
      Interpreter interpreter, Step step, Strand strand, State.MapState map, long previousEventId) {
    Awaits.Items window = (Awaits.Items) java.util.Objects.requireNonNull(strand.awaits);
    List<Long> active = new ArrayList<>(window.active());
    int cursor = window.cursor();
    while (cursor < window.count() && active.size() < window.maxConcurrency()) {
      int index = cursor++;
      MapItem item = MapItem.of(map, index, step.item(strand, window, index));
      Object input = item.value();
      if (map.itemSelector() != null) {
        switch (select(step, strand, map, map.itemSelector(), item)) {
          case Evaluation.Failed failed -> {
            // The window as it stands tells which iterations must be aborted.
            strand.awaits = window(window, cursor, active);
            interpreter.failWithChildren(strand, step.evaluationFailure(strand, failed.error()));
            return;
          }
          case Evaluation.Value(Object selected) when step.encodeWithinLimit(selected) == null -> {
            strand.awaits = window(window, cursor, active);
            interpreter.failWithChildren(strand, Interpreter.inputLimitExceeded(map));
            return;
          }
          case Evaluation.Value(Object selected) -> input = selected;
        }
      }
      long started =
          step.emitAside(
              previousEventId,
              HistoryEventType.MAP_ITERATION_STARTED,
              new HistoryDetails.MapIteration(map.name(), index));
      active.add(step.fork(strand, index, map.processor(), started, input).id);
    }
    strand.awaits = window(window, cursor, active);
  }

  private static Awaits.Items window(Awaits.Items window, int cursor, List<Long> active) {
    return new Awaits.Items(
        window.container(),
        window.count(),
        cursor,
        window.completed(),
        window.maxConcurrency(),
        window.itemsPerChunk(),
        List.copyOf(active));
  }

  static Evaluation select(
      Step step, Strand strand, State.MapState map, Expression selector, MapItem item) {
    Scope scope = step.scope(strand);
    Map<String, Object> context = ContextObject.withItem(scope.context(), item);
    return selector.evaluate(
        new Scope(
            switch (map.data()) {
              case DataFlow.JsonPath path when path.inputPath() != null ->
                  switch (path.inputPath().evaluate(scope)) {
                    case Evaluation.Value(Object effective) -> effective;
                    case Evaluation.Failed _ -> scope.input(); // failed at the start already
                  };
              case DataFlow.JsonPath _, DataFlow.Jsonata _ -> scope.input();
            },
            context,
            null,
            null,
            scope.variables(),
            scope.entropy()));
  }

  static void itemEnded(
      Interpreter interpreter,
      Step step,
      Strand parent,
      Awaits.Items window,
      Strand item,
      Object output) {
    State.MapState map = (State.MapState) parent.state;
    parent.results.put(item.index, output);
    long succeeded =
        step.emitAside(
            item.lastEventId,
            HistoryEventType.MAP_ITERATION_SUCCEEDED,
            new HistoryDetails.MapIteration(map.name(), item.index));
    Awaits.Items rest =
        new Awaits.Items(
            window.container(),
            window.count(),
            window.cursor(),
            window.completed() + 1,
            window.maxConcurrency(),
            window.itemsPerChunk(),
            ParallelBehavior.without(window.active(), item.id));
    parent.awaits = rest;
    if (rest.completed() < rest.count()) {
      parent.lastEventId = item.lastEventId;
      fill(interpreter, step, parent, map, item.lastEventId);
      return;
    }
    parent.lastEventId = succeeded;
    List<Object> results = step.results(parent, rest.container(), rest.count());
    step.eraseChildRows(parent);
    parent.awaits = null;
    if (results == null) {
      interpreter.fail(parent, Interpreter.dataLimitExceeded(map.name()));
      return;
    }
    succeeded(interpreter, step, parent, map, results);
  }

  /**
   * @param results an array, or what a ResultWriter tells of where it has written them
   */
  static void succeeded(
      Interpreter interpreter, Step step, Strand strand, State.MapState map, Object results) {
    step.emitAside(
        strand.lastEventId, HistoryEventType.MAP_STATE_SUCCEEDED, HistoryDetails.None.INSTANCE);
    interpreter.complete(strand, map.data(), results, null, map.transition());
  }
}
