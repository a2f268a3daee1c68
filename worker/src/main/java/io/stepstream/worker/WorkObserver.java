package io.stepstream.worker;

import java.time.Duration;

/**
 * Hears what a worker does, for figures. Called by many threads at once, in the way of every order:
 * must be quick and must not throw.
 */
public interface WorkObserver {

  /** Hears nothing. */
  WorkObserver NONE =
      new WorkObserver() {
        @Override
        public void acquired(String queue, Duration waited) {}

        @Override
        public void ran(String queue, String resource, Ending ending, Duration took) {}

        @Override
        public void settled(String queue, Settled how) {}
      };

  /** How a handler's run ended. */
  enum Ending {
    SUCCEEDED,
    FAILED,
    /** The result comes by another way: a token was passed on, or a job runs. */
    HANDED_OVER,
    /** Nobody waited for it any more, or the worker stops. */
    INTERRUPTED
  }

  /** What the queue was told of an order. */
  enum Settled {
    /** It is done with. */
    ACCEPTED,
    /** Somebody is to get it again. */
    RELEASED,
    /** Nobody can carry it out. */
    REJECTED
  }

  /**
   * The worker has got an order.
   *
   * @param waited since it was published, by the publisher's clock and this machine's
   */
  void acquired(String queue, Duration waited);

  /**
   * A handler has returned.
   *
   * @param resource the state's Resource, as its definition has it
   */
  void ran(String queue, String resource, Ending ending, Duration took);

  /** An order that was acquired is settled. */
  void settled(String queue, Settled how);
}
