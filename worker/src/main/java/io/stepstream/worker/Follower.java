package io.stepstream.worker;

import io.stepstream.schemas.registry.SchemaRegistryException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that follows something in Kafka until it is closed, and begins anew when Kafka or the
 * schema registry fails.
 */
final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final String whileItFails;
  private final Runnable following;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /**
   * A follower that begins when {@link #start} is called.
   *
   * @param whileItFails what does not work meanwhile, for the log
   * @param following returns soon after {@link #isOpen} is false
   */
  Follower(String threadName, String whileItFails, Runnable following) {
    this.whileItFails = whileItFails;
    this.following = following;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isOpen() {
    return closed.getCount() > 0;
  }

  private void run() {
    while (isOpen()) {
      try {
        following.run();
      } catch (KafkaException | SchemaRegistryException e) {
        LOG.warn(whileItFails, e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      closed.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      thread.join(LONGEST_STOP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
