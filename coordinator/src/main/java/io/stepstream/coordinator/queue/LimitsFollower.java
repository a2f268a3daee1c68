package io.stepstream.coordinator.queue;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the limits that are on {@link Topics#QUEUES}. */
final class LimitsFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LimitsFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.QUEUES, 0);

  private final RecordCodec<QueueControl> codec;
  private final TopicReader reader;

  /** Null: not read yet. */
  private volatile @Nullable Map<String, QueueControl> controls;

  LimitsFollower(Supplier<Consumer<byte[], byte[]>> consumers, RecordCodec<QueueControl> codec) {
    this.codec = codec;
    this.reader =
        new TopicReader("stepstream-queues", PARTITION.toString(), consumers, this::follow);
  }

  void start() {
    reader.start();
  }

  /** By queue; null: they are not read yet. */
  @Nullable Map<String, QueueControl> controls() {
    return controls;
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    Map<String, QueueControl> found = new HashMap<>();
    while (reader.isOpen()) {
      if (consumer.position(PARTITION) >= end) {
        controls = Map.copyOf(found);
      }
      consumer.poll(POLL).records(PARTITION).forEach(record -> take(record, found));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, Map<String, QueueControl> found) {
    if (record.key() == null) {
      return;
    }
    String queue = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      found.remove(queue);
      return;
    }
    switch (codec.decode(record.value())) {
      case Decoded.Read(QueueControl control) -> found.put(queue, control);
      case Decoded.Unreadable(String reason) ->
          // Not put aside: each worker passes it over too, and what was set before holds on.
          LOG.warn(
              "The record at {} offset {} is passed over: {}", PARTITION, record.offset(), reason);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
