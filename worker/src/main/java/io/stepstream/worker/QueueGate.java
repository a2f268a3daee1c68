package io.stepstream.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What every order of a queue passes before its task runs, and after. While the queue has no limits
 * that is a count; else orders go in one by one, as this worker's {@link QueueShare} allows.
 *
 * <p>Counted without limits too, so that one which is set counts what runs already. Thread safe.
 */
final class QueueGate {

  private final LongSupplier nanos;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * One waits for the gate at a time, and the others for their turn, without looking at a clock.
   */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Pace pace = new Pace();

  private volatile QueueShare share = QueueShare.UNLIMITED;
  private volatile boolean draining;

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   */
  QueueGate(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Holds at once for all that is not inside. */
  void set(QueueShare limits) {
    lock.lock();
    try {
      if (!limits.equals(share)) {
        pace.set(limits.ratePerSecond(), nanos.getAsLong());
        share = limits.equals(QueueShare.UNLIMITED) ? QueueShare.UNLIMITED : limits;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** From now on nobody waits here any more; who goes in looks whether the worker drains. */
  void drain() {
    lock.lock();
    try {
      draining = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Goes in without waiting.
   *
   * @return the limits under which it went in, for {@link #confirm}; null: it has to wait
   */
  @Nullable QueueShare tryEnter() {
    if (share == QueueShare.UNLIMITED) {
      inside.incrementAndGet();
      return QueueShare.UNLIMITED;
    }
    lock.lock();
    try {
      return waiting.get() == 0 && pause() == 0 ? letIn() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it may go in, in the order of arrival. */
  QueueShare enter() throws InterruptedException {
    waiting.incrementAndGet();
    try {
      turn.lockInterruptibly();
      try {
        return awaitEntry();
      } finally {
        turn.unlock();
      }
    } finally {
      waiting.decrementAndGet();
      signal();
    }
  }

  private QueueShare awaitEntry() throws InterruptedException {
    lock.lock();
    try {
      for (long pause = pause(); pause > 0; pause = pause()) {
        await(pause);
      }
      return letIn();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks again, for who has had to wait elsewhere after going in.
   *
   * @param under what {@link #enter} gave
   * @return false: the limits are others now, it is outside again and has to wait
   */
  boolean confirm(QueueShare under) {
    QueueShare now = share;
    if (now == under || draining) {
      return true;
    }
    boolean paced = under != QueueShare.UNLIMITED;
    lock.lock();
    try {
      if (paced && !now.paused() && inside.get() <= now.concurrency()) {
        return true;
      }
      inside.decrementAndGet();
      if (paced) {
        pace.giveBack();
      }
      changed.signalAll();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Who was inside is done. */
  void leave() {
    inside.decrementAndGet();
    if (share != QueueShare.UNLIMITED) {
      signal();
    }
  }

  /** True if another task could go in at once. */
  boolean hasRoom() {
    if (share == QueueShare.UNLIMITED) {
      return true;
    }
    lock.lock();
    try {
      return waiting.get() == 0 && pause() == 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until {@link #hasRoom}.
   *
   * @return false if there was none in time
   */
  boolean awaitRoom(Duration timeout) throws InterruptedException {
    if (share == QueueShare.UNLIMITED) {
      return true;
    }
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (!hasRoom()) {
        if (left <= 0) {
          return false;
        }
        long pause = pause();
        left -= await(pause == 0 ? left : Math.min(left, pause));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** True if this worker's part of the concurrent tasks runs; others may have room. */
  boolean isFull() {
    QueueShare now = share;
    return inside.get() >= now.concurrency();
  }

  private QueueShare letIn() {
    inside.incrementAndGet();
    pace.take(nanos.getAsLong());
    return share;
  }

  /** Nanoseconds until one may go in; 0: now. Under the lock. */
  private long pause() {
    if (draining) {
      return 0;
    }
    QueueShare now = share;
    return now.paused() || inside.get() >= now.concurrency()
        ? Pace.NEVER
        : pace.pause(nanos.getAsLong());
  }

  /** Under the lock; returns the nanoseconds that it took, by the real clock. */
  private long await(long longest) throws InterruptedException {
    return longest - changed.awaitNanos(longest);
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
