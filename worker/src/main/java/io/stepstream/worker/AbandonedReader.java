package io.stepstream.worker;

import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

  private final WorkerClients clients;
  private final RecordCodec<TaskAbandoned> codec;
  private final Consumer<TaskAbandoned> listener;
  private final Follower follower =
      new Follower(
          "stepstream-abandoned",
          "For now nobody tells this worker which tasks are abandoned.",
          this::follow);

  AbandonedReader(
      WorkerClients clients, RecordCodec<TaskAbandoned> codec, Consumer<TaskAbandoned> listener) {
    this.clients = clients;
    this.codec = codec;
    this.listener = listener;
  }

  /** Begins; the topic must exist. */
  void start() {
    follower.start();
  }

  private void follow() {
    try (var consumer = clients.reader()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.ABANDONED).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      while (follower.isOpen()) {
        consumer.poll(POLL).forEach(this::take);
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

  @Override
  public void close() {
    follower.close();
  }
}
