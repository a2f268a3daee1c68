package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.TimerKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The timers store of one partition, in the order of time.
 *
 * <p>A low-water mark says below which moment no timer is left. The first scan begins there, or it
 * would walk over the tombstones of all timers that ever fired. The others begin where the one
 * before ended: what is due and has been read waits in memory, however many ticks it takes to fire
 * it (ADR 0070). Not thread safe.
 */
public final class TimerRows {

  /** Clean-ups lie beyond all timers, so that neither queue's scan meets the other's rows. */
  private static final long CLEAN_UPS = 1L << 62;

  public static final String STORE = "timers";

  private static final byte[] EMPTY = {};

  /**
   * So many rows that are due wait in memory. Reading one more costs little beside opening a scan,
   * which walks over the tombstones of what has fired at the same moment.
   */
  private static final int MOST_IN_FRONT = 1000;

  private final KeyValueStore<Bytes, byte[]> store;

  /** All rows before {@link #frontEnd}, as they are in the store. */
  private final NavigableMap<Bytes, TimerRow> front = new TreeMap<>();

  private Bytes frontEnd;

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
    this.frontEnd = RowKeys.dueFrom(base + lowWater);
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
    if (key.compareTo(frontEnd) < 0) {
      front.put(key, RowKeys.timerRow(key.get(), value, base));
      if (front.size() > MOST_IN_FRONT) {
        frontEnd = front.pollLastEntry().getKey();
      }
    }
  }

  public void cancel(byte[] hash, TimerKey timer, long dueMillis) {
    delete(RowKeys.timer(base + dueMillis, hash, timer));
  }

  /** Takes back what was scheduled with the same words. */
  public void cancel(byte[] hash, long id, int purpose, long dueMillis) {
    delete(RowKeys.timer(base + clamp(dueMillis), hash, id, 0, purpose));
  }

  /** The store's own deletion would read the row, to return what it was. */
  private void delete(Bytes key) {
    store.put(key, null);
    front.remove(key);
  }

  private long clamp(long dueMillis) {
    return Math.max(dueMillis, lowWater);
  }

  /**
   * Deletes and hands over timers that are due, one after the other, until time is up; the first
   * one in any case, so that a long step does not stop all later ones. What the work schedules
   * comes at this call, if all that has waited is through, or at the next. Does not look at the
   * store while none can be due.
   *
   * @return how many it were
   */
  public int fire(long nowMillis, int atMost, BooleanSupplier timeIsUp, Consumer<TimerRow> work) {
    if (nowMillis < nextDue) {
      return 0;
    }
    Bytes end = RowKeys.dueFrom(base + nowMillis + 1);
    long before = lowWater;
    // What the work schedules for the past is due now, behind what has waited.
    lowWater = Math.max(lowWater, nowMillis);
    int fired = 0;
    do {
      for (Bytes key : due(end, atMost - fired)) {
        if (fired > 0 && timeIsUp.getAsBoolean()) {
          break;
        }
        TimerRow timer = front.remove(key);
        if (timer != null) { // else the work of one before it has cancelled it
          store.put(key, null);
          work.accept(timer);
          fired++;
        }
      }
    } while (mustReadOn(end) && fired < atMost);
    nextDue = nextDue(nowMillis, end, fired == 0);
    lowWater = Math.max(before, Math.min(nowMillis, nextDue));
    return fired;
  }

  private List<Bytes> due(Bytes end, int atMost) {
    if (mustReadOn(end)) {
      readOn(end);
    }
    return front.headMap(end).keySet().stream().limit(atMost).toList();
  }

  /** What has been read is used up, and more may be due. */
  private boolean mustReadOn(Bytes end) {
    return front.isEmpty() && frontEnd.compareTo(end) < 0;
  }

  /** Reads what is due behind the front. */
  private void readOn(Bytes end) {
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(frontEnd, end)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        if (front.size() >= MOST_IN_FRONT) {
          frontEnd = row.key;
          return;
        }
        front.put(row.key, RowKeys.timerRow(row.key.get(), row.value, base));
      }
    }
    frontEnd = end;
  }

  /** No timer is due before it. */
  private long nextDue(long nowMillis, Bytes end, boolean idle) {
    if (!front.isEmpty()) {
      return front.firstEntry().getValue().dueMillis();
    }
    if (frontEnd.compareTo(end) < 0) {
      return RowKeys.dueOf(frontEnd) - base;
    }
    // Only a look that finds nothing asks for what comes later: that is further away, and in a
    // busy time there is something at every look.
    return idle ? firstAfter(nowMillis) : nowMillis + 1;
  }

  private long firstAfter(long millis) {
    try (KeyValueIterator<Bytes, byte[]> rows =
        store.range(RowKeys.dueFrom(base + millis + 1), RowKeys.dueFrom(base + CLEAN_UPS - 1))) {
      return rows.hasNext() ? RowKeys.dueOf(rows.next().key) - base : Long.MAX_VALUE;
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
