package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.Distributed.ItemBatcher;
import io.stepstream.asl.definition.Distributed.ItemReader;
import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.definition.Distributed.ResultWriter;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.items.ItemSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a distributed Map evaluates of its own fields. It is not kept but evaluated again in each
 * step that needs it: nothing that it depends on changes while the state is under way.
 *
 * @param source null: the items come from the state's input
 * @param batches null: each item is a child's input
 * @param destination null: the results become the state's result
 */
record MapRunPlan(
    String mapRunArn,
    @Nullable ItemSource source,
    @Nullable Batches batches,
    String transformation,
    Awaits.@Nullable Destination destination) {

  /**
   * How items are put together.
   *
   * @param maxItems 0: no bound
   * @param maxBytes of a child's input
   * @param input for all batches; null: none
   */
  record Batches(long maxItems, long maxBytes, @Nullable Object input) {}

  private static final long MAX_ITEMS = 100_000_000;

  /** Null: a field has no usable value, and the state has failed. */
  static @Nullable MapRunPlan of(
      Interpreter interpreter, Step step, Strand strand, State.MapState map, String id) {
    Distributed distributed = Objects.requireNonNull(map.distributed());
    Evaluating evaluating = new Evaluating(interpreter, step, strand, map.queryLanguage());
    Scope inner = evaluating.scope(map.data());
    if (inner == null) {
      return null;
    }
    ItemReader reader = distributed.itemReader();
    ItemSource source =
        reader == null ? null : source(evaluating, inner, reader, map.queryLanguage());
    ItemBatcher batcher = distributed.itemBatcher();
    Batches batches = batcher == null ? null : batches(evaluating, step, inner, batcher);
    ResultWriter writer = distributed.resultWriter();
    Awaits.Destination destination = null;
    if (writer != null && writer.resource() != null) {
      Object arguments = evaluating.value(writer.arguments(), inner, Map.of());
      destination = arguments == null ? null : ResultExport.destination(writer, arguments, id);
    }
    return evaluating.failed()
        ? null
        : new MapRunPlan(
            MapRunNames.mapRun(step.execution(), strand, map, id),
            source,
            batches,
            ResultExport.transformation(writer, destination),
            destination);
  }

  private static @Nullable ItemSource source(
      Evaluating evaluating, Scope scope, ItemReader reader, QueryLanguage language) {
    Object evaluated = evaluating.value(reader.arguments(), scope, Map.of());
    ReaderConfig config = reader.config();
    Long maxItems = evaluating.count(config.maxItems(), scope, "MaxItems");
    if (evaluating.failed()) {
      return null;
    }
    if (!(evaluated instanceof Map<?, ?> given)) {
      evaluating.fail(
          TypeErrors.notObject(
              Objects.requireNonNull(reader.arguments()),
              language,
              Objects.requireNonNull(evaluated)));
      return null;
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    given.forEach((name, value) -> arguments.put((String) name, value));
    return new ItemSource(
        ItemSource.Action.of(reader.resource()),
        arguments,
        config,
        maxItems == null ? 0 : Math.min(maxItems, MAX_ITEMS));
  }

  private static @Nullable Batches batches(
      Evaluating evaluating, Step step, Scope scope, ItemBatcher batcher) {
    Long items = evaluating.count(batcher.maxItemsPerBatch(), scope, "MaxItemsPerBatch");
    Long bytes = evaluating.count(batcher.maxInputBytesPerBatch(), scope, "MaxInputBytesPerBatch");
    Object input =
        batcher.batchInput() == null || evaluating.failed()
            ? null
            : evaluating.value(batcher.batchInput().evaluate(scope));
    long most = step.context.limits().payloadBytes();
    return evaluating.failed()
        ? null
        : new Batches(
            items == null ? 0 : items,
            bytes == null || bytes == 0 ? most : Math.min(bytes, most),
            input);
  }
}
