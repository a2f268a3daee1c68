package io.stepstream.coordinator.bulk;

import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.BulkRecord;
import io.stepstream.schemas.codec.RecordCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bulk operations of a node: all of them are known here, and carried out while it leads. */
public final class BulkNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BulkNode.class);

  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** A minute with the time that each call waits: a partition has moved by then. */
  private static final int ATTEMPTS = 30;

  private final KafkaOperationLog log;
  private final BulkRunner runner;
  private final BulkOperations operations;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("stepstream-bulk").factory());

  /**
   * What works when {@link #start} is called.
   *
   * @param producer closed with this
   * @param leads whether this node carries operations out
   */
  public BulkNode(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Producer<byte[], byte[]> producer,
      RecordCodec<BulkRecord> codec,
      Executions executions,
      ExecutionSearch search,
      BooleanSupplier leads,
      InstantSource clock) {
    this.log = new KafkaOperationLog(consumers, producer, codec);
    this.runner = new BulkRunner(log, executions, search, leads, clock, PAUSE, ATTEMPTS);
    this.operations = new LoggedOperations(log, clock, executor);
  }

  public void start() {
    log.start();
    timer.scheduleWithFixedDelay(
        this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  public BulkOperations operations() {
    return operations;
  }

  private void look() {
    try {
      runner.round();
    } catch (Unavailable e) {
      LOG.debug("Bulk operations wait", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // it is being closed
    } catch (RuntimeException e) {
      LOG.error("Bulk operations are looked at again", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    runner.close();
    log.close();
    executor.shutdown();
  }
}
