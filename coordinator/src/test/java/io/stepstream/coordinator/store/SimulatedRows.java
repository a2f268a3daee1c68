package io.stepstream.coordinator.store;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/** Lends the buffer before the stores to simulations, over a store of theirs. */
public final class SimulatedRows {

  /** Small, so that it overflows between two commits now and then. */
  private static final int BUFFER_BYTES = 40_000;

  private SimulatedRows() {}

  public static KeyValueStore<Bytes, byte[]> buffered(
      KeyValueStore<Bytes, byte[]> below, boolean ordered) {
    return new BufferedRows(below, ordered, BUFFER_BYTES);
  }

  /** As Kafka Streams does before it commits. */
  public static void flush(KeyValueStore<Bytes, byte[]> buffered) {
    ((CachedStateStore<?, ?>) buffered).flushCache();
  }

  /** What a rule that is broken on purpose does: one store after the other, without the journal. */
  public static void flushAlone(KeyValueStore<Bytes, byte[]> buffered) {
    ((BufferedRows) buffered).flushAlone();
  }

  /** The moment that a timer's row is due; null: it is no timer's, or a clean-up's. */
  public static Long engineDue(Bytes key) {
    if (key.get().length == 8) {
      return null;
    }
    TimerRow row = RowKeys.timerRow(key.get(), new byte[0], 0);
    boolean ofWork =
        row.engineTimer() != null
            || row.purpose() == TimerRow.PARKED
            || row.purpose() == TimerRow.MESSAGE;
    return ofWork ? row.dueMillis() : null;
  }
}
