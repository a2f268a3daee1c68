package io.stepstream.coordinator.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Bounds the starts that this node has written to a partition and the partition has not taken up.
 * The bound finds itself: it grows with every start that was taken up soon, and is cut when one has
 * waited for longer than {@link #TARGET} (additive increase, multiplicative decrease, as in TCP).
 * So a partition that cannot keep up has a short queue, and its callers are told at once, rather
 * than a long one in which every start is late.
 *
 * <p>Only of its own partitions a node hears what has become of a start; of others it lets in all.
 * Thread safe.
 */
public final class Admission {

  /** A start that has waited for longer tells that the partition is behind. */
  static final Duration TARGET = Duration.ofMillis(500);

  static final int LEAST = 32;
  static final int INITIAL = 1_000;
  static final int MOST = 20_000;

  private final LongSupplier nanoTime;
  private final Map<Integer, Gate> gates = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();

  /**
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  public Admission(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The partition is taken up by this node from now on. */
  public void owned(int partition) {
    gates.put(partition, new Gate(nanoTime.getAsLong() - TARGET.toNanos()));
  }

  public void disowned(int partition) {
    gates.remove(partition);
  }

  /** Whether this node has the partition now. */
  public boolean isOwned(int partition) {
    return gates.containsKey(partition);
  }

  /** False: the partition is behind; the start must not be written. */
  public boolean enter(int partition) {
    Gate gate = gates.get(partition);
    boolean entered = gate == null || gate.enter();
    if (!entered) {
      refused.increment();
    }
    return entered;
  }

  /** A start that was let in could not be written. */
  public void left(int partition) {
    Gate gate = gates.get(partition);
    if (gate != null) {
      gate.left();
    }
  }

  /**
   * The partition has taken a start up.
   *
   * @param waited since it was asked for
   */
  public void taken(int partition, Duration waited) {
    Gate gate = gates.get(partition);
    if (gate != null) {
      gate.taken(waited, nanoTime.getAsLong());
    }
  }

  /** How many starts may be on their way to an owned partition at present. */
  int limit(int partition) {
    Gate gate = gates.get(partition);
    return gate == null ? MOST : gate.limit();
  }

  /** Starts that were not let in since the node began. */
  public long refused() {
    return refused.sum();
  }

  /** How many partitions this node has now. */
  public int owned() {
    return gates.size();
  }

  /** The bound of the owned partition that is the furthest behind. */
  public int leastLimit() {
    return gates.values().stream().mapToInt(Gate::limit).min().orElse(MOST);
  }

  private static final class Gate {

    private int limit = INITIAL;
    private int onTheWay;
    private long lastCutNanos;

    Gate(long lastCutNanos) {
      this.lastCutNanos = lastCutNanos;
    }

    synchronized boolean enter() {
      if (onTheWay >= limit) {
        return false;
      }
      onTheWay++;
      return true;
    }

    synchronized void left() {
      onTheWay = Math.max(0, onTheWay - 1);
    }

    /** Starts from topics and of other nodes did not enter here, so there may be none to count. */
    synchronized void taken(Duration waited, long nowNanos) {
      left();
      if (waited.compareTo(TARGET) <= 0) {
        limit = Math.min(MOST, limit + 1);
      } else if (nowNanos - lastCutNanos >= TARGET.toNanos()) {
        // Those behind it have waited as long; they must not count as news of their own.
        limit = Math.max(LEAST, limit / 2);
        lastCutNanos = nowNanos;
      }
    }

    synchronized int limit() {
      return limit;
    }
  }
}
