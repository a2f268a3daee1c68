package io.stepstream.coordinator.simulation;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What is RocksDB with a changelog elsewhere: rows in order, and a record of each change. */
final class SimulatedStore implements KeyValueStore<Bytes, byte[]> {

  /** Takes the record of a change. */
  interface Changelog {

    /**
     * @param value null: deleted
     */
    void changed(Bytes key, byte @Nullable [] value);
  }

  private final NavigableMap<Bytes, byte[]> rows;
  private final Changelog changelog;

  /**
   * @param restored what was read from the changelog
   */
  SimulatedStore(Map<Bytes, byte[]> restored, Changelog changelog) {
    this.rows = new TreeMap<>(restored);
    this.changelog = changelog;
  }

  NavigableMap<Bytes, byte[]> rows() {
    return rows;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return rows.get(key);
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    if (value == null) {
      rows.remove(key);
    } else {
      rows.put(key, value);
    }
    changelog.changed(key, value);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    return new Scan(rows.subMap(from, true, to, true).entrySet().iterator());
  }

  private static final class Scan implements KeyValueIterator<Bytes, byte[]> {

    private final Iterator<Map.Entry<Bytes, byte[]>> entries;
    private Map.@Nullable Entry<Bytes, byte[]> ahead;

    Scan(Iterator<Map.Entry<Bytes, byte[]>> entries) {
      this.entries = entries;
      step();
    }

    private void step() {
      ahead = entries.hasNext() ? entries.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Bytes peekNextKey() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      return ahead.getKey();
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      KeyValue<Bytes, byte[]> row = KeyValue.pair(peekNextKey(), ahead.getValue());
      step();
      return row;
    }

    @Override
    public void close() {}
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw new UnsupportedOperationException("no scan without bounds");
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] delete(Bytes key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long approximateNumEntries() {
    return rows.size();
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return true;
  }
}
