package io.stepstream.coordinator.bulk;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.BulkRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on {@link Topics#BULK_OPERATIONS}, read whole by every node. */
final class KafkaOperationLog implements OperationLog, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaOperationLog.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.BULK_OPERATIONS, 0);

  private final RecordCodec<BulkRecord> codec;
  private final Producer<byte[], byte[]> producer;
  private final TopicReader reader;

  /** Guarded by this; null: not read yet. */
  private @Nullable List<BulkStatus> all;

  /** Guarded by this: up to where the topic has been read. */
  private long position = -1;

  /**
   * @param producer closed with this
   */
  KafkaOperationLog(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Producer<byte[], byte[]> producer,
      RecordCodec<BulkRecord> codec) {
    this.codec = codec;
    this.producer = producer;
    this.reader = new TopicReader("stepstream-bulk", PARTITION.toString(), consumers, this::follow);
  }

  void start() {
    reader.start();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    KnownOperations known = new KnownOperations();
    while (reader.isOpen()) {
      long read = consumer.position(PARTITION);
      if (read >= end) {
        publish(known.all(), read);
      }
      consumer.poll(POLL).records(PARTITION).forEach(record -> take(record, known));
    }
  }

  private synchronized void publish(List<BulkStatus> statuses, long read) {
    all = statuses;
    position = read;
    notifyAll();
  }

  private void take(ConsumerRecord<byte[], byte[]> record, KnownOperations known) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      known.take(key, null);
      return;
    }
    String reason =
        switch (codec.decode(record.value())) {
          case Decoded.Unreadable(String unreadable) -> unreadable;
          case Decoded.Read(BulkRecord read) when OperationKeys.of(read.getBody()).equals(key) -> {
            known.take(key, read.getBody());
            yield null;
          }
          case Decoded.Read(BulkRecord _) -> "the key '%s' is not that of its body".formatted(key);
        };
    if (reason != null) {
      LOG.warn("The record at {} offset {} is passed over: {}", PARTITION, record.offset(), reason);
    }
  }

  @Override
  public synchronized List<BulkStatus> all() {
    if (all == null) {
      throw new Unavailable("The bulk operations are being read", RETRY_AFTER);
    }
    return all;
  }

  @Override
  public void write(Object body) {
    send(OperationKeys.of(body), codec.encode(new BulkRecord(body)));
  }

  @Override
  public void forget(String operationId) {
    OperationKeys.all(operationId).forEach(key -> send(key, null));
  }

  private void send(String key, byte @Nullable [] value) {
    try {
      long offset =
          producer
              .send(
                  new ProducerRecord<>(
                      PARTITION.topic(),
                      PARTITION.partition(),
                      key.getBytes(StandardCharsets.UTF_8),
                      value))
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .offset();
      awaitRead(offset);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw unavailable(e);
    }
  }

  private static Unavailable unavailable(Exception e) {
    return new Unavailable("Kafka doesn't take what is to be done", RETRY_AFTER, e);
  }

  private synchronized void awaitRead(long offset) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (position <= offset) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new Unavailable("What was written can't be read back in time", RETRY_AFTER);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  @Override
  public void close() {
    reader.close();
    producer.close(Duration.ofSeconds(2));
  }
}
