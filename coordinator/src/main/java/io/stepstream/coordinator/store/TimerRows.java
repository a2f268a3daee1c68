package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.TimerKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The timers store of one partition, in the order of time.
 *
 * <p>A low-water mark says below which moment no timer is left. Scans begin there, or they would
 * walk over the tombstones of all timers that ever fired. Not thread safe.
 */
public final class TimerRows {

  /** Clean-ups lie beyond all timers, so that neither queue's scan meets the other's rows. */
  private static final long CLEAN_UPS = 1L << 62;

  public static final String STORE = "timers";

  private static final byte[] EMPTY = {};

  private final KeyValueStore<Bytes, byte[]> store;

  /** Where the queue begins in the store. */
  private final long base;

  private long lowWater;
  private long persistedLowWater;
  private long nextDue;

  public TimerRows(KeyValueStore<Bytes, byte[]> store) {
    this(store, 0);
  }

  /** A queue of its own in the same store, for what may wait while timers fire. */
  public static TimerRows cleanUps(KeyValueStore<Bytes, byte[]> store) {
    return new TimerRows(store, CLEAN_UPS);
  }

  private TimerRows(KeyValueStore<Bytes, byte[]> store, long base) {
    this.store = store;
    this.base = base;
    byte[] mark = store.get(RowKeys.dueFrom(base));
    this.lowWater = mark == null ? 1 : ByteBuffer.wrap(mark).getLong();
    this.persistedLowWater = lowWater;
    this.nextDue = lowWater;
  }

  /** No timer is due before this moment; timers of a clock that went back are due at it. */
  public long lowWater() {
    return lowWater;
  }

  public void schedule(byte[] hash, TimerKey timer, long dueMillis) {
    put(RowKeys.timer(base + clamp(dueMillis), hash, timer), EMPTY, dueMillis);
  }

  public void schedule(byte[] hash, long id, int purpose, long dueMillis, byte[] value) {
    put(RowKeys.timer(base + clamp(dueMillis), hash, id, 0, purpose), value, dueMillis);
  }

  /** Keeps a command until it can be tried again. */
  public void park(byte[] hash, long id, int attempts, long dueMillis, byte[] command) {
    put(
        RowKeys.timer(base + clamp(dueMillis), hash, id, attempts, TimerRow.PARKED),
        command,
        dueMillis);
  }

  private void put(Bytes key, byte[] value, long dueMillis) {
    store.put(key, value);
    nextDue = Math.min(nextDue, clamp(dueMillis));
  }

  public void cancel(byte[] hash, TimerKey timer, long dueMillis) {
    delete(RowKeys.timer(base + dueMillis, hash, timer));
  }

  /** Takes back what was scheduled with the same words. */
  public void cancel(byte[] hash, long id, int purpose, long dueMillis) {
    delete(RowKeys.timer(base + clamp(dueMillis), hash, id, 0, purpose));
  }

  void delete(TimerRow row) {
    delete(
        RowKeys.timer(
            base + row.dueMillis(), row.hash(), row.frameId(), row.epoch(), row.purpose()));
  }

  /** The store's own deletion would read the row, to return what it was. */
  private void delete(Bytes key) {
    store.put(key, null);
  }

  private long clamp(long dueMillis) {
    return Math.max(dueMillis, lowWater);
  }

  /**
   * Timers that are due now, at most so many; empty without a look at the store while none can be.
   */
  List<TimerRow> due(long nowMillis, int atMost) {
    if (nowMillis < nextDue) {
      return List.of();
    }
    List<TimerRow> due = scan(lowWater, nowMillis, atMost);
    if (due.size() == atMost) {
      nextDue = due.getLast().dueMillis();
    } else {
      // Only a look that finds nothing asks for what comes later: that is further away, and in a
      // busy time there is something at every look.
      nextDue = due.isEmpty() ? firstAfter(nowMillis) : nowMillis + 1;
    }
    lowWater = Math.max(lowWater, Math.min(nowMillis, nextDue));
    return due;
  }

  private long firstAfter(long millis) {
    List<TimerRow> first = scan(millis + 1, CLEAN_UPS - 2, 1);
    return first.isEmpty() ? Long.MAX_VALUE : first.getFirst().dueMillis();
  }

  private List<TimerRow> scan(long from, long to, int atMost) {
    List<TimerRow> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> rows =
        store.range(RowKeys.dueFrom(base + from), RowKeys.dueFrom(base + to + 1))) {
      while (found.size() < atMost && rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        found.add(RowKeys.timerRow(row.key.get(), row.value, base));
      }
    }
    return found;
  }

  /**
   * Deletes and hands over timers that are due, one after the other, until time is up; the first
   * one in any case, so that a long step does not stop all later ones.
   *
   * @return how many it were
   */
  public int fire(long nowMillis, int atMost, BooleanSupplier timeIsUp, Consumer<TimerRow> work) {
    List<TimerRow> due = due(nowMillis, atMost);
    int fired = 0;
    for (TimerRow timer : due) {
      if (fired > 0 && timeIsUp.getAsBoolean()) {
        postpone(due.subList(fired, due.size()));
        return fired;
      }
      delete(timer);
      work.accept(timer);
      fired++;
    }
    return fired;
  }

  /** Timers that were due and not fired, since the tick's budget was used up, are due again. */
  void postpone(List<TimerRow> rest) {
    if (!rest.isEmpty()) {
      nextDue = rest.getFirst().dueMillis();
      lowWater = Math.min(lowWater, nextDue);
    }
  }

  /** Remembers the mark across restarts; called now and then, since it only saves scanning. */
  public void persistLowWater() {
    if (lowWater != persistedLowWater) {
      store.put(RowKeys.dueFrom(base), ByteBuffer.allocate(8).putLong(lowWater).array());
      persistedLowWater = lowWater;
    }
  }
}
