package io.stepstream.coordinator.queue;

import org.jspecify.annotations.Nullable;

/**
 * The limits of a queue as a whole, over all its workers.
 *
 * @param maxConcurrency how many of its tasks run at once, from 1; null: no limit
 * @param ratePerSecond how many of its tasks start per second, above 0; null: no limit
 * @param paused whether none starts
 */
public record QueueLimits(
    @Nullable Integer maxConcurrency, @Nullable Double ratePerSecond, boolean paused) {

  public static final QueueLimits NONE = new QueueLimits(null, null, false);
}
