package io.stepstream.asl.engine;

import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.items.TopicSpans;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of what a Map run's shards have handed over: their children's results, or where these
 * have been written to. A part that a shard hands over again takes the place of the earlier one.
 *
 * <p>Mutable and confined to one step.
 */
final class MapRunResults {

  /** A shard's results come in fewer parts than this: each part has one result at least. */
  private static final int PARTS_PER_SHARD = 1024;

  private final Step step;
  private final long container;
  private long bytes;
  private boolean rowsPut;

  /** Rows that this step deletes, which are still to be seen in it. */
  private final Set<ValueKey> discarded = new HashSet<>();

  /**
   * @param bytes of the rows that there are
   */
  MapRunResults(Step step, long container, long bytes) {
    this.step = step;
    this.container = container;
    this.bytes = bytes;
  }

  static boolean isPart(int number) {
    return number >= 0 && number < PARTS_PER_SHARD;
  }

  /** Of all rows together. */
  long bytes() {
    return bytes;
  }

  /** Whether this step has put a row. */
  boolean rowsPut() {
    return rowsPut;
  }

  /**
   * Keeps a part.
   *
   * @param shard as it was before that part
   */
  void store(LiveShard shard, int part, byte[] results) {
    if (part < shard.parts()) {
      byte[] earlier = row(shard.number(), part);
      bytes -= earlier == null ? 0 : earlier.length;
    }
    bytes += results.length;
    put(key(shard.number(), part), results);
  }

  /**
   * Keeps the spans of all shards in one row: one row for each would be as many as a hundred
   * million children have shards. Those that come late, when nobody knows any more where results
   * go, stay apart until the end.
   */
  void unite(byte[] spans) {
    ValueKey key = spansOfAll();
    byte[] before = step.row(key);
    List<Object> both = new ArrayList<>(decoded(spans));
    if (before != null) {
      both.addAll(decoded(before));
      bytes -= before.length;
    }
    byte[] united = step.payload.encode(List.of(ResultExport.united(both).json()));
    bytes += united.length;
    put(key, united);
  }

  /**
   * Deletes what a shard had handed over before a crash or a redrive, and not again.
   *
   * @param parts how many it has handed over in the end
   */
  void discard(LiveShard shard, int parts) {
    for (int part = parts; part < shard.parts(); part++) {
      ValueKey stale = key(shard.number(), part);
      byte[] row = step.row(stale);
      bytes -= row == null ? 0 : row.length;
      discarded.add(stale);
      step.delete(stale);
    }
  }

  /** Everything that the shards have handed over, in the order of their children. */
  List<Object> all(int shards) {
    List<Object> results = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      byte[] row = row(shard, 0);
      for (int part = 1; row != null; part++) {
        results.addAll(decoded(row));
        row = isPart(part) ? row(shard, part) : null;
      }
    }
    return results;
  }

  /** Where a topic has the results, of all shards together. */
  TopicSpans spans(int shards) {
    List<Object> spans = all(shards);
    byte[] united = step.row(spansOfAll());
    if (united != null) {
      spans.addAll(decoded(united));
    }
    return ResultExport.united(spans);
  }

  /** A part that no shard has: of a topic each tells one part. */
  private ValueKey spansOfAll() {
    return key(0, PARTS_PER_SHARD - 1);
  }

  private ValueKey key(int shard, int part) {
    return ValueKey.result(container, shard * PARTS_PER_SHARD + part);
  }

  private byte @Nullable [] row(int shard, int part) {
    ValueKey key = key(shard, part);
    return discarded.contains(key) ? null : step.row(key);
  }

  private List<?> decoded(byte[] json) {
    return (List<?>) step.payload.decodeTrusted(json);
  }

  private void put(ValueKey key, byte[] json) {
    step.put(key, json);
    rowsPut = true;
  }
}
