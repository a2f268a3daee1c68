package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the inputs of child executions of items: selects, puts them together to batches, and puts
 * the inputs together to what one shard takes. Lives for one page of items; a batch that is not
 * full when the page ends is carried on to the next.
 */
final class ChildInputs {

  private final Step step;
  private final Strand strand;
  private final State.MapState map;
  private final MapRunPlan.@Nullable Batches batches;
  private final Limits.MapRun limits;
  private final List<List<byte[]>> shards = new ArrayList<>();
  private List<byte[]> shard = new ArrayList<>();
  private int shardBytes;

  /** The selected items of the batch that is not full yet. */
  private List<byte[]> batch = new ArrayList<>();

  private long batchBytes;

  ChildInputs(
      Step step,
      Strand strand,
      State.MapState map,
      MapRunPlan.@Nullable Batches batches,
      Limits.MapRun limits) {
    this.step = step;
    this.strand = strand;
    this.map = map;
    this.batches = batches;
    this.limits = limits;
  }

  /** Takes what the page before has left. */
  void carryOn(byte @Nullable [] carried) {
    if (carried == null) {
      throw new IllegalStateException("the carried items are missing");
    }
    for (Object item : (List<?>) step.payload.decodeTrusted(carried)) {
      byte[] json = Json.encodeUtf8(item);
      batch.add(json);
      batchBytes += json.length + 1;
    }
  }

  /** Why the item makes no input; null: it does. */
  @Nullable Failure add(MapItem item) {
    Object selected = item.value();
    if (map.itemSelector() != null) {
      switch (MapBehavior.select(step, strand, map, map.itemSelector(), item)) {
        case Evaluation.Failed failed -> {
          return step.evaluationFailure(strand, failed.error());
        }
        case Evaluation.Value(Object value) -> selected = value;
      }
    }
    byte[] json = step.encodeWithinLimit(selected);
    if (json == null) {
      return Interpreter.inputLimitExceeded(map);
    }
    if (batches == null) {
      input(json);
      return null;
    }
    // The items' own brackets and names, and what goes with every batch.
    long frame = "{\"Items\":[]}".length() + batchInput(batches).length;
    if (!batch.isEmpty() && frame + batchBytes + json.length > batches.maxBytes()) {
      closeBatch(batches);
    }
    batch.add(json);
    batchBytes += json.length + 1;
    if (batches.maxItems() > 0 && batch.size() >= batches.maxItems()) {
      closeBatch(batches);
    }
    return null;
  }

  private static byte[] batchInput(MapRunPlan.Batches batches) {
    if (batches.input() == null) {
      return new byte[0];
    }
    Map<String, Object> member = new LinkedHashMap<>();
    member.put("BatchInput", batches.input());
    String object = Json.encode(member);
    return (object.substring(1, object.length() - 1) + ',').getBytes(StandardCharsets.UTF_8);
  }

  private void closeBatch(MapRunPlan.Batches with) {
    java.io.ByteArrayOutputStream input = new java.io.ByteArrayOutputStream();
    input.write('{');
    input.writeBytes(batchInput(with));
    input.writeBytes("\"Items\":".getBytes(StandardCharsets.US_ASCII));
    input.writeBytes(carry());
    input.write('}');
    input(input.toByteArray());
    batch = new ArrayList<>();
    batchBytes = 0;
  }

  private void input(byte[] json) {
    shard.add(json);
    shardBytes += json.length;
    if (shard.size() >= limits.childrenPerShard() || shardBytes >= limits.shardBytes()) {
      closeShard();
    }
  }

  private void closeShard() {
    if (!shard.isEmpty()) {
      shards.add(List.copyOf(shard));
      shard = new ArrayList<>();
      shardBytes = 0;
    }
  }

  /** There are no further items. */
  void complete() {
    if (batches != null && !batch.isEmpty()) {
      closeBatch(batches);
    }
  }

  /** The inputs, those of each shard together. */
  List<List<byte[]>> shards() {
    closeShard();
    return shards;
  }

  int carried() {
    return batch.size();
  }

  /** The items of the batch that is not full, as a JSON array. */
  byte[] carry() {
    java.io.ByteArrayOutputStream array = new java.io.ByteArrayOutputStream();
    String separator = "[";
    for (byte[] item : batch) {
      array.writeBytes(separator.getBytes(StandardCharsets.US_ASCII));
      array.writeBytes(item);
      separator = ",";
    }
    array.writeBytes((batch.isEmpty() ? "[]" : "]").getBytes(StandardCharsets.US_ASCII));
    return array.toByteArray();
  }
}
