package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the inputs of child executions of items: selects, puts them together to batches, and puts
 * the inputs together to what one shard takes. Lives for one page of items; a batch that is not
 * full when the page ends is carried on to the next.
 */
final class ChildInputs {

  /** Less than this part of a shard goes to the one before it. */
  private static final double LEAST_SHARD = 0.25;

  private final Step step;
  private final Strand strand;
  private final State.MapState map;
  private final MapRunPlan.@Nullable Batches batches;

  /** What each batch begins with, up to the array of its items. */
  private final byte[] batchHead;

  private final Limits.MapRun limits;

  /** Shards of the Map run before this page. */
  private final int shardsBefore;

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
      Limits.MapRun limits,
      int shardsBefore) {
    this.step = step;
    this.strand = strand;
    this.map = map;
    this.batches = batches;
    this.batchHead = batchHead(batches == null ? null : batches.input());
    this.limits = limits;
    this.shardsBefore = shardsBefore;
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
    return addSelected(selected);
  }

  /** The same for what the selector has made of an item. */
  @Nullable Failure addSelected(Object selected) {
    byte[] json = step.encodeWithinLimit(selected);
    if (json == null) {
      return Interpreter.inputLimitExceeded(map);
    }
    if (batches == null) {
      input(json);
      return null;
    }
    long around = batchHead.length + "[]}".length();
    if (!batch.isEmpty() && around + batchBytes + json.length > batches.maxBytes()) {
      closeBatch();
    }
    batch.add(json);
    batchBytes += json.length + 1;
    if (batches.maxItems() > 0 && batch.size() >= batches.maxItems()) {
      closeBatch();
    }
    return null;
  }

  private static byte[] batchHead(@Nullable Object batchInput) {
    String head = batchInput == null ? "{" : "{\"BatchInput\":" + Json.encode(batchInput) + ',';
    return (head + "\"Items\":").getBytes(StandardCharsets.UTF_8);
  }

  private void closeBatch() {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.writeBytes(batchHead);
    input.writeBytes(carry());
    input.write('}');
    input(input.toByteArray());
    batch = new ArrayList<>();
    batchBytes = 0;
  }

  private void input(byte[] json) {
    shard.add(json);
    shardBytes += json.length;
    if (isAtLeast(1)) {
      closeShard();
    }
  }

  /** Whether the shard has that part of what it may have, in children or in bytes. */
  private boolean isAtLeast(double part) {
    double size = part * limits.sizeOf(shardsBefore + shards.size());
    return shard.size() >= size * limits.childrenPerShard()
        || shardBytes >= size * limits.shardBytes();
  }

  private void closeShard() {
    if (!shard.isEmpty()) {
      shards.add(List.copyOf(shard));
      shard = new ArrayList<>();
      shardBytes = 0;
    }
  }

  /**
   * What a page has left over costs the Map state as many records as a whole shard, if it is one.
   */
  private void closeLastShard() {
    if (!shards.isEmpty() && !isAtLeast(LEAST_SHARD)) {
      shard.addAll(0, shards.removeLast());
    }
    closeShard();
  }

  /** There are no further items. */
  void complete() {
    if (batches != null && !batch.isEmpty()) {
      closeBatch();
    }
  }

  /** The inputs, those of each shard together. */
  List<List<byte[]>> shards() {
    closeLastShard();
    return shards;
  }

  int carried() {
    return batch.size();
  }

  /** The items of the batch that is not full, as a JSON array. */
  byte[] carry() {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
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
