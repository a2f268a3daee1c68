package io.stepstream.coordinator.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a buffer over those of the store below, both in the order of their keys: where both have
 * a key, the buffer's counts. Good until the buffer is written to.
 */
final class MergedRows implements KeyValueIterator<Bytes, byte[]> {

  private final Iterator<Map.Entry<Bytes, BufferedRows.Written>> upper;
  private final KeyValueIterator<Bytes, byte[]> lower;
  private Map.@Nullable Entry<Bytes, BufferedRows.Written> above;
  private @Nullable KeyValue<Bytes, byte[]> next;

  MergedRows(
      Iterator<Map.Entry<Bytes, BufferedRows.Written>> upper,
      KeyValueIterator<Bytes, byte[]> lower) {
    this.upper = upper;
    this.lower = lower;
    this.above = upper.hasNext() ? upper.next() : null;
    this.next = find();
  }

  private @Nullable KeyValue<Bytes, byte[]> find() {
    while (above != null) {
      int order = lower.hasNext() ? above.getKey().compareTo(lower.peekNextKey()) : -1;
      if (order > 0) {
        return lower.next();
      }
      if (order == 0) {
        lower.next();
      }
      Map.Entry<Bytes, BufferedRows.Written> row = above;
      above = upper.hasNext() ? upper.next() : null;
      if (row.getValue().value() != null) {
        return KeyValue.pair(row.getKey(), row.getValue().value());
      }
    }
    return lower.hasNext() ? lower.next() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Bytes peekNextKey() {
    return present().key;
  }

  @Override
  public KeyValue<Bytes, byte[]> next() {
    KeyValue<Bytes, byte[]> result = present();
    next = find();
    return result;
  }

  private KeyValue<Bytes, byte[]> present() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    return next;
  }

  @Override
  public void close() {
    lower.close();
  }
}
