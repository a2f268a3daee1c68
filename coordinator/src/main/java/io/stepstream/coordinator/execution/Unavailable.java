package io.stepstream.coordinator.execution;

import java.time.Duration;

/**
 * The partition or the broker that would know is out of reach for now; the caller may try again.
 */
public final class Unavailable extends RuntimeException {

  private final Duration retryAfter;

  public Unavailable(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  public Unavailable(String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long a caller had better wait. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
