package io.stepstream.coordinator.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store in memory that counts scans and knows which of them were left open. */
final class MapStore implements KeyValueStore<Bytes, byte[]> {

  final NavigableMap<Bytes, byte[]> rows = new TreeMap<>();
  final Map<Object, Bytes> openScans = new HashMap<>();
  int scans;
  Bytes latestFrom;

  /** Of all scans since it was last set to null. */
  Bytes earliestFrom;

  @Override
  public byte[] get(Bytes key) {
    return rows.get(key);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    if (value == null) {
      rows.remove(key);
    } else {
      rows.put(key, value);
    }
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    return rows.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte[] delete(Bytes key) {
    return rows.remove(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    scans++;
    latestFrom = from;
    earliestFrom = earliestFrom == null || from.compareTo(earliestFrom) < 0 ? from : earliestFrom;
    var entries = new TreeMap<>(rows.subMap(from, true, to, true)).entrySet().iterator();
    KeyValueIterator<Bytes, byte[]> scan =
        new KeyValueIterator<>() {
          @Override
          public void close() {
            openScans.remove(this);
          }

          @Override
          public Bytes peekNextKey() {
            throw new UnsupportedOperationException();
          }

          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public KeyValue<Bytes, byte[]> next() {
            var entry = entries.next();
            return KeyValue.pair(entry.getKey(), entry.getValue());
          }
        };
    openScans.put(scan, from);
    return scan;
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw new UnsupportedOperationException("no scan without bounds");
  }

  @Override
  public long approximateNumEntries() {
    return rows.size();
  }

  @Override
  public String name() {
    return "map";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }
}
