package io.stepstream.worker;

import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistryException;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@link Topics#ABANDONED} from its end. What it misses, at its start or while Kafka is
 * away, runs to its end for nothing: a result that nobody waits for is rejected anyway.
 */
final class AbandonedReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AbandonedReader.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final WorkerClients clients;
  private final RecordCodec<TaskAbandoned> codec;
  private final Consumer<TaskAbandoned> listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("stepstream-abandoned").unstarted(this::run);

  AbandonedReader(
      WorkerClients clients, RecordCodec<TaskAbandoned> codec, Consumer<TaskAbandoned> listener) {
    this.clients = clients;
    this.codec = codec;
    this.listener = listener;
  }

  /** Begins; the topic must exist. */
  void start() {
    thread.start();
  }

  private void run() {
    while (isOpen()) {
      try (var consumer = clients.reader()) {
        List<TopicPartition> partitions =
            consumer.partitionsFor(Topics.ABANDONED).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        while (isOpen()) {
          consumer.poll(POLL).forEach(this::take);
        }
      } catch (KafkaException | SchemaRegistryException e) {
        LOG.warn("For now nobody tells this worker which tasks are abandoned.", e);
        pause();
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    switch (codec.decode(record.value())) {
      case Decoded.Read<TaskAbandoned>(TaskAbandoned attempt) -> listener.accept(attempt);
      case Decoded.Unreadable<TaskAbandoned>(String reason) ->
          LOG.warn(
              "The record at {}-{} offset {} is passed over: {}",
              record.topic(),
              record.partition(),
              record.offset(),
              reason);
    }
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
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
