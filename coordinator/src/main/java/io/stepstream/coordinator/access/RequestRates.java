package io.stepstream.coordinator.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.LongSupplier;

/**
 * How many calls each user makes: a bucket of tokens each. Thread safe.
 *
 * <p>There is a bounded number of buckets; who loses theirs begins with a full one. Each node
 * counts for itself.
 */
public final class RequestRates {

  private static final int MOST_BUCKETS = 10_000;
  private static final double NANOS = 1e9;

  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(MOST_BUCKETS).build();
  private final int perSecond;
  private final int burst;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public RequestRates(int perSecond, int burst, LongSupplier nanoTime) {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "stepstream.security.requests-per-second and request-burst must be 1 or more");
    }
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /** False: that is one call too many. */
  public boolean admits(Caller caller) {
    return buckets.get(caller.arn(), _ -> new Bucket(burst, nanoTime.getAsLong())).take();
  }

  private final class Bucket {
    private double tokens;
    private long filled;

    private Bucket(double tokens, long filled) {
      this.tokens = tokens;
      this.filled = filled;
    }

    private synchronized boolean take() {
      long now = nanoTime.getAsLong();
      tokens = Math.min(burst, tokens + (now - filled) / NANOS * perSecond);
      filled = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }
}
