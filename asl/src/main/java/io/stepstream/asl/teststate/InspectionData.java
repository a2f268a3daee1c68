package io.stepstream.asl.teststate;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Inspection.Stage;
import io.stepstream.asl.engine.StateVisit.Outcome;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** AWS's {@code inspectionData}: what the visit has shown, as far as AWS tells it of the state. */
final class InspectionData {

  private InspectionData() {}

  static Map<String, Object> of(State state, String input, Outcome outcome) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("input", input);
    outcome
        .shown()
        .forEach(
            (stage, json) -> {
              if (isTold(state, stage)) {
                String text = new String(json, StandardCharsets.UTF_8);
                data.put(name(stage), isNumber(stage) ? number(text) : text);
              }
            });
    if (!outcome.variables().isEmpty()) {
      data.put("variables", Json.encode(outcome.variables()));
    }
    Map<String, Object> error = new LinkedHashMap<>();
    if (outcome.catcher() != null) {
      error.put("catchIndex", outcome.catcher());
    }
    if (outcome.retrier() != null) {
      error.put("retryIndex", outcome.retrier());
    }
    if (outcome.retryDelayMillis() != null) {
      error.put("retryBackoffIntervalSeconds", outcome.retryDelayMillis() / 1000);
    }
    if (!error.isEmpty()) {
      data.put("errorDetails", error);
    }
    return data;
  }

  /** A Parallel state is always mocked, and AWS tells nothing of what comes before the mock. */
  private static boolean isTold(State state, Stage stage) {
    return switch (stage) {
      case AFTER_ARGUMENTS -> state instanceof State.Task;
      case AFTER_INPUT_PATH, AFTER_PARAMETERS -> !(state instanceof State.Parallel);
      case AFTER_ITEMS_POINTER,
          AFTER_ITEMS_PATH,
          AFTER_ITEM_SELECTOR,
          AFTER_ITEM_BATCHER,
          MAX_CONCURRENCY,
          TOLERATED_FAILURE_COUNT,
          TOLERATED_FAILURE_PERCENTAGE,
          RESULT,
          AFTER_RESULT_SELECTOR,
          AFTER_RESULT_PATH ->
          true;
    };
  }

  private static boolean isNumber(Stage stage) {
    return stage == Stage.MAX_CONCURRENCY
        || stage == Stage.TOLERATED_FAILURE_COUNT
        || stage == Stage.TOLERATED_FAILURE_PERCENTAGE;
  }

  private static Object number(String json) {
    return Json.decode(json) instanceof Decoded.Tree(Number number) ? number : 0;
  }

  private static String name(Stage stage) {
    return switch (stage) {
      case AFTER_INPUT_PATH -> "afterInputPath";
      case AFTER_PARAMETERS -> "afterParameters";
      case AFTER_ARGUMENTS -> "afterArguments";
      case AFTER_ITEMS_POINTER -> "afterItemsPointer";
      case AFTER_ITEMS_PATH -> "afterItemsPath";
      case AFTER_ITEM_SELECTOR -> "afterItemSelector";
      case AFTER_ITEM_BATCHER -> "afterItemBatcher";
      case MAX_CONCURRENCY -> "maxConcurrency";
      case TOLERATED_FAILURE_COUNT -> "toleratedFailureCount";
      case TOLERATED_FAILURE_PERCENTAGE -> "toleratedFailurePercentage";
      case RESULT -> "result";
      case AFTER_RESULT_SELECTOR -> "afterResultSelector";
      case AFTER_RESULT_PATH -> "afterResultPath";
    };
  }
}
