package io.stepstream.coordinator.store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * use, under a lock, and cost a quarter of a stream thread's time. This one is a hash table: rows
 * are asked for by their key, and only timers are scanned in order.
 *
 * <p>Kafka Streams calls {@link #flushCache} before it commits, as it does for its own cache, so a
 * transaction holds all that its steps have written. Beyond a bound the buffer is flushed early;
 * the transaction is the same. What has been flushed stays readable from memory for a while, up to
 * the same bound twice over, in two generations: when the younger is full, the older goes.
 *
 * <p>Not thread safe: confined to the partition's stream thread, and closed to interactive queries.
 */
final class BufferedRows extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
    implements KeyValueStore<Bytes, byte[]>, CachedStateStore<Bytes, byte[]> {

  /** What a row costs beyond its key and value: objects, and its place in a table. */
  private static final int ROW_OVERHEAD = 120;

  private final int mostBytes;
  private final boolean ordered;
  private final Map<Bytes, Written> written;
  private int writtenBytes;
  private Map<Bytes, byte[]> recent = new HashMap<>();
  private Map<Bytes, byte[]> older = new HashMap<>();
  private int recentBytes;
  private final QuietRanges quiet = new QuietRanges();

  /**
   * @param value null: deleted
   * @param absentBelow whether the store below is known not to have the key
   */
  record Written(byte @Nullable [] value, boolean absentBelow) {}

  /**
   * @param ordered whether rows are scanned as often as read: then scans see the buffer in place,
   *     and rows that have been flushed are not kept
   * @param mostBytes of rows that wait for the commit
   */
  BufferedRows(KeyValueStore<Bytes, byte[]> below, boolean ordered, int mostBytes) {
    super(below);
    this.ordered = ordered;
    this.mostBytes = mostBytes;
    this.written = ordered ? new TreeMap<>() : new HashMap<>();
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    Written row = written.get(key);
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
        written.put(key, new Written(null, true));
        grown(key, null);
      }
    }
    return value;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    Written before = written.get(key);
    boolean absentBelow = before != null && before.absentBelow();
    if (value == null && absentBelow) {
      written.remove(key);
      shrunk(key, before.value());
      return;
    }
    written.put(key, new Written(value, absentBelow));
    if (before != null) {
      shrunk(key, before.value());
    }
    grown(key, value);
  }

  private void grown(Bytes key, byte @Nullable [] value) {
    writtenBytes += size(key, value);
    if (writtenBytes > mostBytes) {
      flushCache();
    }
  }

  private void shrunk(Bytes key, byte @Nullable [] value) {
    writtenBytes -= size(key, value);
  }

  private static int size(Bytes key, byte @Nullable [] value) {
    return ROW_OVERHEAD + key.get().length + (value == null ? 0 : value.length);
  }

  @Override
  public void flushCache() {
    for (Map.Entry<Bytes, Written> row : written.entrySet()) {
      flush(row.getKey(), row.getValue());
    }
    written.clear();
    writtenBytes = 0;
  }

  private void flush(Bytes key, Written row) {
    byte[] value = row.value();
    if (value != null) {
      wrapped().put(key, value);
      quiet.written(key);
      if (!ordered) {
        keep(key, value);
      }
    } else {
      boolean kept = recent.remove(key) != null | older.remove(key) != null;
      // A deletion is a record of the changelog too: none of what was never there.
      if (!row.absentBelow() && (kept || wrapped().get(key) != null)) {
        wrapped().put(key, null);
      }
    }
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
    if (written instanceof TreeMap<Bytes, Written> sorted) {
      return new MergedRows(
          sorted.subMap(from, true, to, true).entrySet().iterator(),
          quiet.end(from),
          to,
          () -> below(from, to));
    }
    flushCache();
    return wrapped().range(from, to);
  }

  private KeyValueIterator<Bytes, byte[]> below(Bytes from, Bytes to) {
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
    written.clear();
    writtenBytes = 0;
    recent.clear();
    older.clear();
    recentBytes = 0;
    quiet.clear();
  }
}
