package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;

/**
 * One Standard execution at a time, of a distributed Map whose children are Express and have one
 * state. The items come from an object and the results go to objects, as with a Map of any size
 * that matters. Or one Express execution of an inline Map, to compare.
 */
enum MapScenario implements Machine {
  MAP_1K("map-1k", 1_000, false),
  MAP_10K("map-10k", 10_000, false),
  MAP_100K("map-100k", 100_000, false),
  MAP_1M("map-1m", 1_000_000, false),
  MAP_1K_TASK("map-1k-task", 1_000, true),
  MAP_10K_TASK("map-10k-task", 10_000, true),
  INLINE_10K("inline-10k", 10_000, false),
  INLINE_10K_TASK("inline-10k-task", 10_000, true);

  private static final String MAP =
      """
      {"StartAt": "Each",
       "States": {
         "Each": {
           "Type": "Map",
           "ItemReader": {
             "Resource": "arn:aws:states:::s3:getObject",
             "ReaderConfig": {"InputType": "JSONL"},
             "Parameters": {"Bucket": "bench", "Key.$": "$.key"}},
           "ItemProcessor": {
             "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
             "StartAt": "One",
             "States": {"One": {%s, "End": true}}},
           "ResultWriter": {
             "Resource": "arn:aws:states:::s3:putObject",
             "Parameters": {"Bucket": "bench", "Prefix": "results"}},
           "End": true}}}
      """;

  /** One Express execution, whose items are numbers that it makes itself. */
  private static final String INLINE =
      """
      {"QueryLanguage": "JSONata", "StartAt": "Each",
       "States": {
         "Each": {
           "Type": "Map",
           "Items": "{%% [1..$number($substringBefore($states.input.key, '%s'))] %%}",
           "ItemProcessor": {"StartAt": "One", "States": {"One": {%s, "End": true}}},
           "Output": "{%% $states.input %%}",
           "End": true}}}
      """;

  private final String label;
  private final int items;
  private final boolean task;

  MapScenario(String label, int items, boolean task) {
    this.label = label;
    this.items = items;
    this.task = task;
  }

  @Override
  public String label() {
    return label;
  }

  /** Unless the command line says otherwise. */
  int items() {
    return items;
  }

  /** A few for a median; large ones take too long for that, and vary less. */
  int repeats() {
    return items > 10_000 ? 1 : BenchSettings.REPEATS;
  }

  boolean task() {
    return task;
  }

  /** Whether the items are executions of their own, in shards. */
  boolean distributed() {
    return switch (this) {
      case INLINE_10K, INLINE_10K_TASK -> false;
      case MAP_1K, MAP_10K, MAP_100K, MAP_1M, MAP_1K_TASK, MAP_10K_TASK -> true;
    };
  }

  @Override
  public Lane lane() {
    return distributed() ? Lane.STANDARD : Lane.EXPRESS;
  }

  /** What the children do: they are Express executions. */
  @Override
  public FloorShape floor() {
    return new FloorShape(false, task);
  }

  @Override
  public String definition() {
    String state = task ? TASK : "\"Type\": \"Pass\"";
    return distributed() ? MAP.formatted(state) : INLINE.formatted(GeneratedItems.SUFFIX, state);
  }

  @Override
  public String toString() {
    return label;
  }
}
