package io.stepstream.coordinator.route;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the compacted topic on which workers tell what they serve, on every node, all of it, on a
 * thread of its own. The offset up to which records have been judged is committed, so that a
 * restart doesn't report a bad one again.
 */
public final class WorkerAnnouncements implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerAnnouncements.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.WORKERS, 0);

  private final Producer<byte[], byte[]> deadLetters;
  private final WireCodec<WorkerAnnouncement> codec;
  private final Consumer<WorkerAnnouncement> listener;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final TopicReader reader;

  /**
   * @param listener hears of each announcement of a queue, on the reader's thread
   */
  public WorkerAnnouncements(
      Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
      Producer<byte[], byte[]> deadLetters,
      WireCodec<WorkerAnnouncement> codec,
      Consumer<WorkerAnnouncement> listener) {
    this.deadLetters = deadLetters;
    this.codec = codec;
    this.listener = listener;
    this.reader =
        new TopicReader("stepstream-routes", PARTITION.toString(), consumers, this::follow);
  }

  public void start() {
    reader.start();
  }

  /** Waits until everything is known that was there at the start; false when time is up. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void follow(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    OffsetAndMetadata committed = consumer.committed(Set.of(PARTITION)).get(PARTITION);
    long judged = committed == null ? 0 : committed.offset();
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    while (reader.isOpen()) {
      if (consumer.position(PARTITION) >= end) {
        caughtUp.countDown();
      }
      var records = consumer.poll(POLL).records(PARTITION);
      records.forEach(record -> take(record, record.offset() >= judged));
      long position = consumer.position(PARTITION);
      if (!records.isEmpty() && position > judged) {
        consumer.commitAsync(Map.of(PARTITION, new OffsetAndMetadata(position)), null);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, boolean unjudged) {
    if (record.value() == null) {
      return; // routes outlive workers
    }
    switch (codec.decode(record.value())) {
      case Decoded.Read(WorkerAnnouncement announcement) -> {
        if (Topics.isQueueName(announcement.getQueue())) {
          listener.accept(announcement);
        } else if (unjudged) {
          putAside(record, "'%s' is not the name of a queue".formatted(announcement.getQueue()));
        }
      }
      case Decoded.Unreadable(String reason) -> {
        if (unjudged) {
          putAside(record, reason);
        }
      }
    }
  }

  private void putAside(ConsumerRecord<byte[], byte[]> record, String reason) {
    LOG.warn("The record at {} offset {} is passed over: {}", PARTITION, record.offset(), reason);
    deadLetters.send(
        DeadLetter.of(record, "coordinator", reason),
        (_, failure) -> {
          if (failure != null) {
            LOG.error("A dead letter of {} is lost", PARTITION, failure);
          }
        });
  }

  @Override
  public void close() {
    reader.close();
  }
}
