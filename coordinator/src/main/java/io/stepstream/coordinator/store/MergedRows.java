package io.stepstream.coordinator.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a buffer over those of the store below, both in the order of their keys: where both have
 * a key, the buffer's counts. The store is asked only when the scan comes to where it may have
 * rows. Good until the buffer is written to.
 */
final class MergedRows implements KeyValueIterator<Bytes, byte[]> {

  private final Iterator<Map.Entry<Bytes, BufferedRows.Written>> upper;
  private final Bytes quietUntil;
  private final boolean quietToTheEnd;
  private final Supplier<KeyValueIterator<Bytes, byte[]>> below;
  private @Nullable KeyValueIterator<Bytes, byte[]> lower;
  private Map.@Nullable Entry<Bytes, BufferedRows.Written> above;
  private @Nullable KeyValue<Bytes, byte[]> next;
  private boolean sought;

  /**
   * @param quietUntil the store has no rows before this key
   * @param to the last key of the scan
   * @param below opens the scan of the store
   */
  MergedRows(
      Iterator<Map.Entry<Bytes, BufferedRows.Written>> upper,
      Bytes quietUntil,
      Bytes to,
      Supplier<KeyValueIterator<Bytes, byte[]>> below) {
    this.upper = upper;
    this.quietUntil = quietUntil;
    this.quietToTheEnd = quietUntil.compareTo(to) > 0;
    this.below = below;
    this.above = upper.hasNext() ? upper.next() : null;
  }

  private @Nullable KeyValue<Bytes, byte[]> find() {
    while (above != null) {
      int order = belowOrder(above.getKey());
      if (order > 0) {
        return opened().next();
      }
      if (order == 0) {
        opened().next();
      }
      Map.Entry<Bytes, BufferedRows.Written> row = above;
      above = upper.hasNext() ? upper.next() : null;
      if (row.getValue().value() != null) {
        return KeyValue.pair(row.getKey(), row.getValue().value());
      }
    }
    return !quietToTheEnd && opened().hasNext() ? opened().next() : null;
  }

  /** How the buffer's key compares to the store's next. */
  private int belowOrder(Bytes key) {
    if (quietToTheEnd || lower == null && key.compareTo(quietUntil) < 0) {
      return -1;
    }
    return opened().hasNext() ? key.compareTo(opened().peekNextKey()) : -1;
  }

  private KeyValueIterator<Bytes, byte[]> opened() {
    if (lower == null) {
      lower = below.get();
    }
    return lower;
  }

  /** Looks for the next row only when it is asked for: the scan may end before. */
  private @Nullable KeyValue<Bytes, byte[]> sought() {
    if (!sought) {
      next = find();
      sought = true;
    }
    return next;
  }

  @Override
  public boolean hasNext() {
    return sought() != null;
  }

  @Override
  public Bytes peekNextKey() {
    return present().key;
  }

  @Override
  public KeyValue<Bytes, byte[]> next() {
    KeyValue<Bytes, byte[]> result = present();
    sought = false;
    return result;
  }

  private KeyValue<Bytes, byte[]> present() {
    KeyValue<Bytes, byte[]> row = sought();
    if (row == null) {
      throw new NoSuchElementException();
    }
    return row;
  }

  @Override
  public void close() {
    if (lower != null) {
      lower.close();
    }
  }
}
