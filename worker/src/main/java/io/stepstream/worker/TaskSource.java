package io.stepstream.worker;

import java.time.Duration;

/**
 * Acquires orders of one queue from Kafka, brings them to a {@link TaskIntake} and settles them.
 *
 * <p>Life: {@link #start}, {@link #stopAcquiring}, {@link #close}, each once and in this order.
 */
interface TaskSource {

  /** Begins to acquire; returns at once. */
  void start();

  /** Called a few times a second while the source runs, so that it can mend and adapt itself. */
  void tend();

  /** Acquires nothing more, but settles what comes back. Returns at once. */
  void stopAcquiring();

  /** Gives back all that isn't settled and leaves the group. */
  void close(Duration timeout);

  /** False while nothing would be acquired. */
  boolean isAlive();
}
