package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.TimerKey;
import org.jspecify.annotations.Nullable;

/**
 * A due timer.
 *
 * @param frameId the frame; the container whose rows are to be purged; where a parked command came
 *     from; or the number of a message
 * @param purpose a code of {@link TimerKey.Purpose}, or one of this class
 * @param value for {@link #PARKED} and {@link #MESSAGE} the envelope that waits; else empty
 */
public record TimerRow(
    long dueMillis, byte[] hash, long frameId, int epoch, int purpose, byte[] value) {

  /** The summary of an execution that closed long ago goes. */
  public static final int RETENTION = 101;

  /** Rows under a container, or all but the header, go a slice at a time. */
  public static final int PURGE = 102;

  /** A command waits for its definition to arrive; {@code epoch} counts how often it has waited. */
  public static final int PARKED = 103;

  /**
   * A message from one execution of the partition to another, due at once. It is a row and not a
   * call, so that a Map run which starts many children takes its turns with everybody else.
   */
  public static final int MESSAGE = 104;

  /**
   * What is told of a Map run goes, unless its execution is still known; {@code frameId} is its.
   */
  public static final int MAP_RUN_RETENTION = 105;

  /**
   * An execution that has ended without success can't be redriven any more: all its rows but the
   * header go. Of a shard that rests, all.
   */
  public static final int REDRIVE_PERIOD = 106;

  /** The engine's timer; null: one of the coordinator's own. */
  public @Nullable TimerKey engineTimer() {
    for (TimerKey.Purpose candidate : TimerKey.Purpose.values()) {
      if (candidate.code() == purpose) {
        return new TimerKey(frameId, epoch, candidate);
      }
    }
    return null;
  }
}
