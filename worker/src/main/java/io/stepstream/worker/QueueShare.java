package io.stepstream.worker;

import io.stepstream.schemas.QueueControl;
import org.jspecify.annotations.Nullable;

/**
 * What one worker may do of a queue. The shares of all its workers together are the queue's limits.
 *
 * @param concurrency how many tasks run at once at most
 * @param ratePerSecond how many start per second at most; infinite: as many as come
 * @param paused whether nothing starts
 */
record QueueShare(int concurrency, double ratePerSecond, boolean paused) {

  /** Of a queue without limits. Compared by identity. */
  static final QueueShare UNLIMITED =
      new QueueShare(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, false);

  /**
   * The worker's part of the limits. Of c concurrent tasks the first {@code c % n} of n workers get
   * one more than the others; the rate is divided evenly among those that may run anything.
   *
   * @param standing null: it isn't known, so the worker starts nothing that is counted
   */
  static QueueShare of(QueueControl control, @Nullable Standing standing) {
    Integer most = control.getMaxConcurrency();
    Double rate = control.getRatePerSecond();
    if (standing == null) {
      return new QueueShare(
          most == null ? UNLIMITED.concurrency() : 0,
          rate == null ? UNLIMITED.ratePerSecond() : 0,
          control.getPaused());
    }
    int workers = standing.workers();
    int active = most == null ? workers : Math.clamp(most, 0, workers);
    return new QueueShare(
        most == null
            ? UNLIMITED.concurrency()
            : most / workers + (standing.rank() < most % workers ? 1 : 0),
        rate == null
            ? UNLIMITED.ratePerSecond()
            : standing.rank() < active ? Math.max(0, rate / active) : 0,
        control.getPaused());
  }

  QueueShare smaller(QueueShare other) {
    return new QueueShare(
        Math.min(concurrency, other.concurrency),
        Math.min(ratePerSecond, other.ratePerSecond),
        paused || other.paused);
  }
}
