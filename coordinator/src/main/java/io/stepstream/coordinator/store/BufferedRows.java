package io.stepstream.coordinator.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store whose writes wait for the commit: what is put and deleted between two commits never
 * reaches RocksDB and the changelog (ADR 0017).
 *
 * <p>Takes the place of Kafka Streams' own cache, which keeps all rows sorted and in the order of
 * use, under a lock, and cost a quarter of a stream thread's time. Here only rows that are scanned
 * are sorted: timers, and what belongs to a container. The others are asked for by their key.
 *
 * <p>Kafka Streams calls {@link #flushCache} before it commits, as it does for its own cache, so a
 * transaction holds all that its steps have written. Beyond a bound the buffer is flushed early;
 * the transaction is the same. Where there are no transactions a {@link RowJournal} makes a flush
 * whole, and decides when it is early. What has been flushed stays readable from memory for a
 * while, up to the same bound twice over, in two generations: when the younger is full, the older
 * goes.
 *
 * <p>Not thread safe: confined to the partition's stream thread, and closed to interactive queries.
 */
final class BufferedRows extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
    implements KeyValueStore<Bytes, byte[]>, CachedStateStore<Bytes, byte[]> {

  /** What a row costs beyond its key and value: objects, and its place in a table. */
  private static final int ROW_OVERHEAD = 120;

  private final int mostBytes;
  private final boolean ordered;
  private final Map<Bytes, Written> hashed = new HashMap<>();
  private final NavigableMap<Bytes, Written> sorted = new TreeMap<>();
  private int writtenBytes;
  private Map<Bytes, byte[]> recent = new HashMap<>();
  private Map<Bytes, byte[]> older = new HashMap<>();
  private int recentBytes;
  private final QuietRanges quiet = new QuietRanges();
  private @Nullable RowJournal journal;

  /** What is known of a key in the store below. */
  enum Below {
    UNKNOWN,
    /** It hasn't got the key. */
    ABSENT,
    /** What it has may differ from its changelog: the row is written whatever is below. */
    DOUBTFUL
  }

  /**
   * @param value null: deleted
   */
  record Written(byte @Nullable [] value, Below below) {}

  /**
   * @param ordered whether all rows are scanned as often as read: then scans see the buffer in
   *     place, and rows that have been flushed are not kept
   * @param mostBytes of rows that wait for the commit
   */
  BufferedRows(KeyValueStore<Bytes, byte[]> below, boolean ordered, int mostBytes) {
    super(below);
    this.ordered = ordered;
    this.mostBytes = mostBytes;
  }

  /** From now on flushes are the journal's: all its buffers at once. */
  void join(RowJournal shared) {
    journal = shared;
  }

  private Map<Bytes, Written> written(Bytes key) {
    return ordered || RowKeys.isScanned(key) ? sorted : hashed;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    Written row = written(key).get(key);
    if (row != null) {
      return row.value();
    }
    byte[] value = recent.get(key);
    if (value == null) {
      value = older.get(key);
    }
    if (value == null) {
      value = wrapped().get(key);
      if (value == null) {
        // Remembered, since whoever asks for a row in vain is about to write it.
        written(key).put(key, new Written(null, Below.ABSENT));
        grown(key, null);
      }
    }
    return value;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    Map<Bytes, Written> written = written(key);
    Written before = written.get(key);
    Below below = before == null ? Below.UNKNOWN : before.below();
    if (value == null && below == Below.ABSENT) {
      written.remove(key);
      shrunk(key, before.value());
      return;
    }
    written.put(key, new Written(value, below));
    if (before != null) {
      shrunk(key, before.value());
    }
    grown(key, value);
  }

  /** Puts or deletes a row that may have been put or deleted below, or in the changelog, or not. */
  void putAgain(Bytes key, byte @Nullable [] value) {
    written(key).put(key, new Written(value, Below.DOUBTFUL));
    grown(key, value);
  }

  private void grown(Bytes key, byte @Nullable [] value) {
    writtenBytes += size(key, value);
    // A journal is flushed between steps only.
    if (journal == null && isFull()) {
      flushAlone();
    }
  }

  boolean isFull() {
    return writtenBytes > mostBytes;
  }

  private void shrunk(Bytes key, byte @Nullable [] value) {
    writtenBytes -= size(key, value);
  }

  private static int size(Bytes key, byte @Nullable [] value) {
    return ROW_OVERHEAD + key.get().length + (value == null ? 0 : value.length);
  }

  @Override
  public void flushCache() {
    if (journal == null) {
      flushAlone();
    } else {
      journal.flush();
    }
  }

  void flushAlone() {
    forEachChange(this::write);
    emptied();
  }

  /** Takes out what the store below has to be told. */
  List<KeyValue<Bytes, byte[]>> takeChanges() {
    List<KeyValue<Bytes, byte[]>> changes = new ArrayList<>(hashed.size() + sorted.size());
    forEachChange((key, value) -> changes.add(KeyValue.pair(key, value)));
    emptied();
    return changes;
  }

  private void forEachChange(BiConsumer<Bytes, byte @Nullable []> change) {
    for (Map<Bytes, Written> written : List.of(hashed, sorted)) {
      for (Map.Entry<Bytes, Written> row : written.entrySet()) {
        if (isNews(row.getKey(), row.getValue())) {
          change.accept(row.getKey(), row.getValue().value());
        }
      }
    }
  }

  private void emptied() {
    hashed.clear();
    sorted.clear();
    writtenBytes = 0;
  }

  /** A deletion is a record of the changelog too: none of what was never there. */
  private boolean isNews(Bytes key, Written row) {
    if (row.value() != null) {
      return true;
    }
    boolean kept = recent.remove(key) != null | older.remove(key) != null;
    return switch (row.below()) {
      case ABSENT -> false;
      case DOUBTFUL -> true;
      case UNKNOWN -> kept || wrapped().get(key) != null;
    };
  }

  /** Writes a change through. */
  void write(Bytes key, byte @Nullable [] value) {
    wrapped().put(key, value);
    if (value != null && ordered) {
      quiet.written(key);
    } else if (value != null) {
      keep(key, value);
    }
  }

  /** The same for what nobody reads: it doesn't stay in memory. */
  void writeUnkept(Bytes key, byte @Nullable [] value) {
    wrapped().put(key, value);
  }

  private void keep(Bytes key, byte[] value) {
    recent.put(key, value);
    recentBytes += size(key, value);
    if (recentBytes > mostBytes) {
      older = recent;
      recent = new HashMap<>();
      recentBytes = 0;
    }
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    NavigableMap<Bytes, Written> above = sorted.subMap(from, true, to, true);
    if (ordered) {
      return new MergedRows(
          above.entrySet().iterator(), quiet.end(from), to, () -> notedBelow(from, to));
    }
    if (!RowKeys.isScanned(from)) {
      above = new TreeMap<>(above);
      for (Map.Entry<Bytes, Written> row : hashed.entrySet()) {
        if (row.getKey().compareTo(from) >= 0 && row.getKey().compareTo(to) <= 0) {
          above.put(row.getKey(), row.getValue());
        }
      }
    }
    return new MergedRows(above.entrySet().iterator(), from, to, () -> wrapped().range(from, to));
  }

  private KeyValueIterator<Bytes, byte[]> notedBelow(Bytes from, Bytes to) {
    KeyValueIterator<Bytes, byte[]> rows = wrapped().range(from, to);
    quiet.found(from, rows.hasNext() ? rows.peekNextKey() : next(to));
    return rows;
  }

  /** The key that follows this one in the order of bytes. */
  private static Bytes next(Bytes key) {
    return Bytes.wrap(Arrays.copyOf(key.get(), key.get().length + 1));
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    flushCache();
    return wrapped().all();
  }

  @Override
  public long approximateNumEntries() {
    flushCache();
    return wrapped().approximateNumEntries();
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
    byte[] before = get(key);
    if (before == null) {
      put(key, value);
    }
    return before;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    byte[] before = get(key);
    put(key, null);
    return before;
  }

  /** The task is given up, its transaction too: what waited for the commit never happened. */
  @Override
  public void clearCache() {
    emptied();
    recent.clear();
    older.clear();
    recentBytes = 0;
    quiet.clear();
  }
}
