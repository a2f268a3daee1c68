package io.stepstream.coordinator.writing;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a topic that all nodes write, one of them at a time and without a lock server.
 *
 * <p>All nodes write under one transactional id. To open its producer, a node waits until an older
 * transaction is over, and fences its writer; then it reads the topic to the end. What it decides
 * now still holds when its transaction commits, for had another node opened a producer in between,
 * the commit would fail and the decision be made anew.
 */
public final class SoleWriter implements AutoCloseable {

  /** Nodes that write at the same moment fence each other in turn. */
  private static final int ATTEMPTS = 10;

  /** Longest random pause after an attempt that another node has fenced. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Reads the topic to where it ends when this is called. */
  @FunctionalInterface
  public interface CatchUp {
    void run() throws InterruptedException, TimeoutException;
  }

  /** Decides and writes, in transactions of its own; run again if another node has fenced it. */
  @FunctionalInterface
  public interface Writing<T> {
    T with(Producer<byte[], byte[]> open) throws InterruptedException, TimeoutException;
  }

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final CatchUp catchUp;
  private final ReentrantLock writing = new ReentrantLock();

  /** Guarded by {@link #writing}; null until the first use and after each failure. */
  private @Nullable Producer<byte[], byte[]> producer;

  /**
   * A writer that opens nothing yet.
   *
   * @param producers make a producer with the transactional id that all nodes share
   */
  public SoleWriter(Supplier<Producer<byte[], byte[]>> producers, CatchUp catchUp) {
    this.producers = producers;
    this.catchUp = catchUp;
  }

  /**
   * Writes when this node alone may. Blocks.
   *
   * @throws ContendedException if other nodes have written meanwhile at each of ten attempts
   * @throws KafkaException if Kafka fails otherwise; whether something was written is unknown
   */
  public <T> T write(Writing<T> attempt) throws InterruptedException, TimeoutException {
    writing.lock();
    try {
      Duration pause = Duration.ZERO;
      for (int fenced = 0; fenced < ATTEMPTS; fenced++) {
        pause(pause);
        long begin = System.nanoTime();
        boolean succeeded = false;
        try {
          T outcome = attempt.with(open());
          succeeded = true;
          return outcome;
        } catch (KafkaException e) {
          if (!isFenced(e)) {
            throw e;
          }
          pause = longer(pause, Duration.ofNanos(System.nanoTime() - begin));
        } finally {
          // A producer that has failed may have a transaction under way, and not the right any
          // more.
          if (!succeeded) {
            drop();
          }
        }
      }
      throw new ContendedException();
    } finally {
      writing.unlock();
    }
  }

  /**
   * Who has fenced this node is left in peace for as long as it needs: opening takes a multiple of
   * a write, and two nodes which came back sooner would fence each other while they open, and both
   * give up.
   */
  private static Duration longer(Duration pause, Duration attempt) {
    Duration longer = pause.multipliedBy(2);
    if (longer.compareTo(attempt) < 0) {
      longer = attempt;
    }
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /** By chance, or two nodes would come back together. */
  private static void pause(Duration longest) throws InterruptedException {
    if (longest.isPositive()) {
      Thread.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest.toNanos())));
    }
  }

  /** Waits for a write under way. */
  @Override
  public void close() {
    writing.lock();
    try {
      drop();
    } finally {
      writing.unlock();
    }
  }

  /** The producer that holds the sole right to write, with all of the topic read. */
  private Producer<byte[], byte[]> open() throws InterruptedException, TimeoutException {
    if (producer == null) {
      producer = producers.get();
      producer.initTransactions();
      catchUp.run();
    }
    return producer;
  }

  /**
   * Another node writes, or the broker has forgotten a producer that was idle for a week. A
   * producer that has learned of it in the background says so as the cause of its next failure.
   */
  private static boolean isFenced(Throwable failure) {
    return failure instanceof ProducerFencedException
        || failure instanceof InvalidProducerEpochException
        || failure instanceof InvalidPidMappingException
        || failure.getCause() != null && isFenced(failure.getCause());
  }

  private void drop() {
    if (producer != null) {
      try {
        producer.close(Duration.ZERO);
      } catch (InterruptException _) {
        Thread.currentThread().interrupt();
      }
      producer = null;
    }
  }
}
