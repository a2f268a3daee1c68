package io.stepstream.coordinator.shell;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long a partition may fire timers at one tick. One for each lane; what it knows, it knows of
 * each stream thread apart.
 *
 * <p>A thread fires the timers of all its partitions before it looks at its records again, so they
 * share one budget: a Map run has messages in every partition, and would hold up the records of
 * everybody else for as many budgets as there are partitions. What one partition leaves is there
 * for the others, or a thread would wait for the next tick while the only partition with due timers
 * is not half through.
 *
 * <p>Where the cores are busy, sharing a thread is not enough: what is sent to brokers and workers
 * queues too. So the budget follows how long the records of ordinary executions have waited. When
 * it is longer than it need be, the budget is halved; otherwise it grows back, and a Map that is
 * alone has all of it. What it need be is the shortest wait of the last seconds: the clocks of
 * senders differ from ours.
 */
final class TickBudget {

  /** Long enough that most of the time isn't spent on going round. */
  static final long MOST_NANOS = 5_000_000;

  /** A Map run goes on whatever else there is. */
  static final long LEAST_NANOS = 400_000;

  /** From the least to the most in a quarter of a second. */
  private static final long GROWTH_NANOS = 200_000;

  private static final long TOO_LONG_MILLIS = 8;

  /** Records that waited in one queue are one sign that it was long. */
  private static final long BETWEEN_CUTS_NANOS = 10_000_000;

  private static final long BASE_KEPT_NANOS = 10_000_000_000L;

  private final LongSupplier nanoClock;
  private final ThreadLocal<Share> shares;

  TickBudget(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.shares = ThreadLocal.withInitial(() -> new Share(nanoClock.getAsLong()));
  }

  private static final class Share {
    int partitions;
    long nanos = MOST_NANOS;
    long unspent;
    long cutAt;
    long base = Long.MAX_VALUE;
    long nextBase = Long.MAX_VALUE;
    long basedAt;

    Share(long nowNanos) {
      // The first sign counts.
      cutAt = nowNanos - BETWEEN_CUTS_NANOS - 1;
      basedAt = nowNanos;
    }
  }

  /** Starts to spend so much; true of the result: it is spent. */
  BooleanSupplier spend(long nanos) {
    long since = nanoClock.getAsLong();
    return () -> nanoClock.getAsLong() - since > nanos;
  }

  /** The calling thread has got a partition. */
  void owned() {
    shares.get().partitions++;
  }

  /** The calling thread has lost one. */
  void disowned() {
    shares.get().partitions--;
  }

  /** A record of an ordinary execution has waited so long, by the sender's clock and ours. */
  void waited(long millis) {
    Share share = shares.get();
    long now = nanoClock.getAsLong();
    if (now - share.basedAt > BASE_KEPT_NANOS) {
      share.base = share.nextBase;
      share.nextBase = Long.MAX_VALUE;
      share.basedAt = now;
    }
    share.base = Math.min(share.base, millis);
    share.nextBase = Math.min(share.nextBase, millis);
    if (millis - share.base > TOO_LONG_MILLIS && now - share.cutAt > BETWEEN_CUTS_NANOS) {
      share.nanos = Math.max(LEAST_NANOS, share.nanos / 2);
      share.cutAt = now;
    }
  }

  /**
   * Runs the next tick of one of the calling thread's partitions. Its time is up, as the work is
   * told, when the partition's part and what the others have left is spent.
   */
  void within(Consumer<BooleanSupplier> tick) {
    Share share = shares.get();
    int partitions = Math.max(1, share.partitions);
    long most = Math.min(share.nanos, share.unspent + share.nanos / partitions);
    share.nanos = Math.min(MOST_NANOS, share.nanos + GROWTH_NANOS / partitions);
    long since = nanoClock.getAsLong();
    tick.accept(spend(most));
    share.unspent = Math.max(0, most - (nanoClock.getAsLong() - since));
  }
}
