package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.view.Descriptions;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.registry.SchemaRegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Describes Express children of Map runs by the one or two records that the index knows the places
 * of: their inputs and outputs are on the topic, and nowhere else (ADR 0033).
 *
 * <p>One thread reads, since a consumer belongs to one, and a reading takes some milliseconds.
 */
public final class IndexedChildren implements ExpressChildren, AutoCloseable {

  /** Calls that wait for the thread; each holds a client's connection. */
  private static final int MOST_WAITING = 256;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ExecutionIndexer index;
  private final IndexedTopic topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Duration patience;

  private final ThreadPoolExecutor reader =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("stepstream-children").factory());

  /** Null: none has been needed, or the last one failed. Only the reader's thread has it. */
  private @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param index of the topic
   * @param consumers make a consumer that assigns nothing itself
   */
  public IndexedChildren(
      ExecutionIndexer index, IndexedTopic topic, Supplier<Consumer<byte[], byte[]>> consumers) {
    this(index, topic, consumers, PATIENCE);
  }

  /**
   * @param patience how long a record may take to come
   */
  IndexedChildren(
      ExecutionIndexer index,
      IndexedTopic topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Duration patience) {
    this.index = index;
    this.topic = topic;
    this.consumers = consumers;
    this.patience = patience;
  }

  @Override
  public CompletionStage<Optional<ExecutionDescription>> describe(String executionArn) {
    return index
        .find(executionArn)
        .thenCompose(
            found ->
                found.isEmpty() || found.get().place() == null
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : read(executionArn, found.get().place()));
  }

  private CompletionStage<Optional<ExecutionDescription>> read(
      String executionArn, IndexedExecution.Place place) {
    try {
      return CompletableFuture.supplyAsync(() -> description(executionArn, place), reader);
    } catch (RejectedExecutionException _) {
      return CompletableFuture.failedFuture(
          new Unavailable("Too many child executions are asked for at once", RETRY_AFTER));
    }
  }

  private Optional<ExecutionDescription> description(
      String executionArn, IndexedExecution.Place place) {
    try {
      Optional<HistoryRecord> first = record(executionArn, place.partition(), place.first());
      Optional<HistoryRecord> last =
          place.last() == place.first()
              ? first
              : record(executionArn, place.partition(), place.last());
      return first.flatMap(begun -> last.map(latest -> Descriptions.of(begun, latest)));
    } catch (KafkaException | SchemaRegistryException e) {
      closeConsumer();
      throw new Unavailable("The topic of the execution's history is out of reach", RETRY_AFTER, e);
    }
  }

  /** Empty: it has been deleted from the topic. */
  private Optional<HistoryRecord> record(String executionArn, int partition, long offset) {
    Consumer<byte[], byte[]> open = consumer == null ? consumers.get() : consumer;
    consumer = open;
    TopicPartition at = new TopicPartition(topic.name(), partition);
    open.assign(List.of(at));
    open.seek(at, offset);
    long deadline = System.nanoTime() + patience.toNanos();
    do {
      List<ConsumerRecord<byte[], byte[]>> found = open.poll(POLL).records(at);
      if (!found.isEmpty()) {
        ConsumerRecord<byte[], byte[]> nearest = found.getFirst();
        return nearest.offset() == offset
                && topic.codec().decode(nearest.value())
                    instanceof Decoded.Read(HistoryRecord history)
                && history.getExecutionArn().equals(executionArn)
            ? Optional.of(history)
            : Optional.empty();
      }
      if (open.position(at, POLL) > offset) {
        return Optional.empty(); // and so has everything behind it
      }
    } while (System.nanoTime() < deadline);
    throw new Unavailable("The topic of the execution's history doesn't answer", RETRY_AFTER);
  }

  private void closeConsumer() {
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }

  @Override
  public void close() {
    try {
      reader.execute(this::closeConsumer);
    } catch (RejectedExecutionException _) {
      // Its queue is full: the consumer goes with the process.
    }
    reader.shutdown();
  }
}
