package io.stepstream.asl.engine;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Inspection.Stage;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Map state evaluates when it begins, before its first iteration.
 *
 * @param itemsBytes size of all items as JSON
 * @param maxConcurrency as asked for; 0: without a bound of its own
 */
record MapPlan(List<?> items, int itemsBytes, long maxConcurrency) {

  /**
   * Failed iterations that a distributed Map bears.
   *
   * @param count null: not told
   * @param percentage of its items; null: not told
   */
  record Tolerance(@Nullable Long count, @Nullable Double percentage) {

    /** Whether so many failed items end a distributed Map. */
    boolean exceededBy(long failures, long items) {
      return count != null && failures > count
          || percentage != null && 100.0 * failures > percentage * items;
    }
  }

  /**
   * Evaluates the plan, or fails the state.
   *
   * @param read what the ItemReader has read; null: the items come from the state's input
   * @return null: the state has failed
   */
  static @Nullable MapPlan of(
      Interpreter interpreter,
      Step step,
      Strand strand,
      State.MapState map,
      @Nullable List<?> read) {
    Evaluating evaluating = new Evaluating(interpreter, step, strand, map.queryLanguage());
    Scope inner = evaluating.scope(map.data());
    if (inner == null) {
      return null;
    }
    Object found = read == null ? evaluating.value(map.items(), inner, inner.input()) : read;
    if (found == null) {
      return null;
    }
    if (map.overMembers() && found instanceof Map<?, ?> object) {
      found = MapItem.ofMembers(object);
    }
    if (!(found instanceof List<?> items)) {
      interpreter.fail(strand, notAnArray(step, strand, map, found));
      return null;
    }
    if (read == null && map.data() instanceof DataFlow.JsonPath) {
      step.show(Stage.AFTER_ITEMS_PATH, items);
    }
    byte[] itemsBytes = step.encodeWithinLimit(items);
    if (itemsBytes == null) {
      interpreter.fail(strand, Interpreter.inputLimitExceeded(map));
      return null;
    }
    Long maxConcurrency = evaluating.count(map.maxConcurrency(), inner, "MaxConcurrency");
    if (evaluating.failed()) {
      return null;
    }
    long asked = maxConcurrency == null ? 0 : maxConcurrency;
    step.show(Stage.MAX_CONCURRENCY, asked);
    return new MapPlan(items, itemsBytes.length, asked);
  }

  /** Null: the state has failed. AWS looks at this after it has told that the state started. */
  static @Nullable Tolerance tolerance(
      Interpreter interpreter, Step step, Strand strand, State.MapState map) {
    Distributed distributed = map.distributed();
    if (distributed == null) {
      return new Tolerance(null, null);
    }
    Evaluating evaluating = new Evaluating(interpreter, step, strand, map.queryLanguage());
    Scope inner = evaluating.scope(map.data());
    if (inner == null) {
      return null;
    }
    Long count =
        evaluating.count(distributed.toleratedFailureCount(), inner, "ToleratedFailureCount");
    Double percentage =
        evaluating.percentage(
            distributed.toleratedFailurePercentage(), inner, "ToleratedFailurePercentage");
    if (evaluating.failed()) {
      return null;
    }
    if (count != null) {
      step.show(Stage.TOLERATED_FAILURE_COUNT, count);
    }
    if (percentage != null) {
      step.show(Stage.TOLERATED_FAILURE_PERCENTAGE, percentage);
    }
    return new Tolerance(count, percentage);
  }

  private static Failure notAnArray(Step step, Strand strand, State.MapState map, Object found) {
    return switch (map.data()) {
      case DataFlow.Jsonata _ when map.items() == null ->
          step.evaluationFailure(
              strand,
              new EvaluationError(
                  "States.QueryEvaluationError",
                  "Map state input must be an array but was: " + Json.typeName(found),
                  null));
      case DataFlow.Jsonata _ ->
          step.evaluationFailure(
              strand,
              TypeErrors.unexpected(map.items(), map.queryLanguage(), "Items", "array", found));
      case DataFlow.JsonPath _ -> {
        String path = map.items() == null ? "$" : map.items().source();
        // A path into the context object is told as a path of that object.
        String shown = path.startsWith("$$") ? path.substring(1) : path;
        yield Failure.of(
            Failure.RUNTIME,
            step.placed(strand, "Reference path \"" + shown + "\" must point to array."));
      }
    };
  }
}
