package io.stepstream.worker;

import java.time.Duration;

/** Where a source brings the orders that it has acquired. */
interface TaskIntake {

  /**
   * Takes over the delivery. Never blocks: what finds no permit, or a limit of its queue, waits in
   * a virtual thread of its own.
   */
  void take(Delivery delivery);

  /**
   * Waits until at least one permit is free and the queue's limits allow a start. A source acquires
   * nothing before, so the backlog stays in Kafka, where other workers can reach it.
   *
   * @return false if none became free in time
   */
  boolean awaitCapacity(Duration timeout) throws InterruptedException;

  /** True if another task could start at once. */
  boolean hasCapacity();

  /**
   * True if this worker can run nothing more where another one might, so that its partitions are
   * better off elsewhere. A queue that is paused or short of its rate is so on all of them.
   */
  boolean isSaturated();
}
