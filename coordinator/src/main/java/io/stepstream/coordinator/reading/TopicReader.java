package io.stepstream.coordinator.reading;

import io.stepstream.schemas.registry.SchemaRegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads with a consumer of its own until it is closed, and begins anew with another
 * one when Kafka, the schema registry or the disk fails.
 */
public final class TopicReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  /** What is done with one consumer, for as long as {@link TopicReader#isOpen} says. */
  @FunctionalInterface
  public interface Reading {
    void from(Consumer<byte[], byte[]> consumer) throws IOException;
  }

  private final String what;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Reading reading;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * A reader which begins when {@link #start} is called.
   *
   * @param what is read, for the log
   * @param consumers make a consumer that assigns nothing itself
   */
  public TopicReader(
      String threadName,
      String what,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Reading reading) {
    this.what = what;
    this.consumers = consumers;
    this.reading = reading;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public boolean isOpen() {
    return closed.getCount() > 0;
  }

  /** Interrupts the consumer's current or next wait. */
  public void wakeup() {
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    wakeup();
    try {
      thread.join(LONGEST_STOP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (isOpen()) {
      try (Consumer<byte[], byte[]> opened = consumers.get()) {
        consumer = opened;
        reading.from(opened);
      } catch (WakeupException _) {
        // Somebody wants attention, or this is being closed; the loop looks.
      } catch (KafkaException | SchemaRegistryException | IOException | UncheckedIOException e) {
        LOG.warn("Reading {} failed and begins anew", what, e);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void pause() {
    try {
      closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }
}
