package io.stepstream.asl.engine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the visit of one state under test shows of itself: the intermediate values of its data flow
 * and which retrier or catcher took its failure. The state's own code tells it; executions have
 * none and pay a null check. Not thread safe; lives for one {@link StateVisit}.
 */
public final class Inspection {

  /** A place in the data flow, as AWS names them in {@code inspectionData}. */
  public enum Stage {
    AFTER_INPUT_PATH,
    AFTER_PARAMETERS,
    AFTER_ARGUMENTS,
    AFTER_ITEMS_POINTER,
    AFTER_ITEMS_PATH,
    AFTER_ITEM_SELECTOR,
    AFTER_ITEM_BATCHER,
    MAX_CONCURRENCY,
    TOLERATED_FAILURE_COUNT,
    TOLERATED_FAILURE_PERCENTAGE,
    RESULT,
    AFTER_RESULT_SELECTOR,
    AFTER_RESULT_PATH
  }

  private final Map<Stage, Object> values = new EnumMap<>(Stage.class);
  private final @Nullable Map<String, Object> context;

  @Nullable Failure failure;
  @Nullable Integer retrier;
  @Nullable Long retryDelayMillis;
  @Nullable Integer catcher;

  /**
   * @param context the context object that the state sees; null: the one that the engine makes
   */
  Inspection(@Nullable Map<String, Object> context) {
    this.context = context;
  }

  @Nullable Map<String, Object> context() {
    return context;
  }

  void saw(Stage stage, Object value) {
    values.put(stage, value);
  }

  /** What the state's data flow has passed through, as far as it came. */
  Map<Stage, Object> values() {
    return Collections.unmodifiableMap(values);
  }
}
