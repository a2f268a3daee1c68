package io.stepstream.worker;

import java.util.concurrent.TimeUnit;

/**
 * Lets starts through at a rate: a token bucket, kept as the time at which it would be full again
 * (the generic cell rate algorithm of ITU-T I.371). In any stretch of time there are at most as
 * many starts as the rate says, and those of another 100 ms, or one. Not thread safe.
 */
final class Pace {

  static final long NEVER = Long.MAX_VALUE;

  /** Threads wake up late; what they miss may be made good for so long. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Between two starts; 0: there is no limit. */
  private double interval;

  private long fullAt;

  /**
   * @param perSecond 0: nothing starts; infinite: there is no limit
   */
  void set(double perSecond, long now) {
    double before = interval;
    interval = perSecond == 0 ? Double.POSITIVE_INFINITY : TimeUnit.SECONDS.toNanos(1) / perSecond;
    if (before == 0 || Double.isInfinite(before)) {
      fullAt = now;
    } else if (Double.isFinite(interval)) {
      // Who is faster from now on doesn't wait as long as the slower pace wanted.
      long longest = Math.max(BURST_NANOS, (long) interval);
      fullAt = fullAt - now > longest ? now + longest : fullAt;
    }
  }

  /** Nanoseconds until the next start; 0: now; {@link #NEVER}. */
  long pause(long now) {
    if (interval == 0) {
      return 0;
    }
    if (Double.isInfinite(interval)) {
      return NEVER;
    }
    long tolerance = Math.max(0, BURST_NANOS - (long) interval);
    return Math.max(0, fullAt - now - tolerance);
  }

  void take(long now) {
    if (interval > 0 && Double.isFinite(interval)) {
      fullAt = (fullAt - now > 0 ? fullAt : now) + (long) interval;
    }
  }

  /** What was taken didn't start. */
  void giveBack() {
    if (interval > 0 && Double.isFinite(interval)) {
      fullAt -= (long) interval;
    }
  }
}
