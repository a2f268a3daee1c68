package io.stepstream.integrations;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The clock by which calls to other services are ended when they take too long. */
public final class CallClock {

  private CallClock() {}

  /**
   * A clock of one daemon thread; whoever starts it shuts it down.
   *
   * @param name of the thread
   */
  public static ScheduledThreadPoolExecutor start(String name) {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    // Otherwise the requests of calls that are over stay until their time would have been.
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }
}
