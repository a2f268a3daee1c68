package io.stepstream.coordinator.deadletter;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads stretches of the topic of dead letters with one consumer, for one caller at a time. A
 * consumer that failed is replaced by another one.
 */
final class LetterReader implements AutoCloseable {

  /** For each answer of the brokers, and for a caller's turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What is there; the offsets of each partition in turn. */
  record Bounds(List<Long> beginnings, List<Long> ends) {}

  /** What a caller does in its turn. */
  @FunctionalInterface
  interface Reading<T> {
    T from(LetterReader reader);
  }

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final ReentrantLock turn = new ReentrantLock(true);

  // Guarded by the turn.
  private @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param consumers make a consumer that reads what is committed and assigns nothing itself
   */
  LetterReader(Supplier<Consumer<byte[], byte[]>> consumers) {
    this.consumers = consumers;
  }

  /**
   * Reads undisturbed by others.
   *
   * @throws KafkaException if the brokers, or those before in the queue, take too long
   */
  <T> T read(Reading<T> reading) {
    boolean mine;
    try {
      mine = turn.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
    if (!mine) {
      throw new TimeoutException("Others are reading the dead letters");
    }
    try {
      return reading.from(this);
    } catch (KafkaException e) {
      drop();
      throw e;
    } finally {
      turn.unlock();
    }
  }

  Bounds bounds() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo partition : open().partitionsFor(Topics.DLQ, PATIENCE)) {
      partitions.add(new TopicPartition(Topics.DLQ, partition.partition()));
    }
    partitions.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
    Map<TopicPartition, Long> beginnings = open().beginningOffsets(partitions, PATIENCE);
    Map<TopicPartition, Long> ends = open().endOffsets(partitions, PATIENCE);
    return new Bounds(
        partitions.stream().map(beginnings::get).toList(),
        partitions.stream().map(ends::get).toList());
  }

  /** The records from one offset up to another, whose end must be there. */
  List<ConsumerRecord<byte[], byte[]>> stretch(int partition, long from, long to) {
    TopicPartition where = new TopicPartition(Topics.DLQ, partition);
    Consumer<byte[], byte[]> open = open();
    open.assign(List.of(where));
    open.seek(where, from);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    // The position passes over the marks of transactions too, which are no records.
    while (open.position(where, PATIENCE) < to) {
      for (ConsumerRecord<byte[], byte[]> record :
          open.poll(Duration.ofMillis(200)).records(where)) {
        if (record.offset() < to) {
          records.add(record);
        }
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("The dead letters can't be read in time");
      }
    }
    return records;
  }

  /** Empty: nothing is there, or not any more. */
  Optional<ConsumerRecord<byte[], byte[]>> at(LetterId id) {
    Bounds bounds = bounds();
    if (id.partition() >= bounds.ends().size()
        || id.offset() < bounds.beginnings().get(id.partition())
        || id.offset() >= bounds.ends().get(id.partition())) {
      return Optional.empty();
    }
    return stretch(id.partition(), id.offset(), id.offset() + 1).stream()
        .filter(record -> record.offset() == id.offset())
        .findFirst();
  }

  /** The end of the marks. */
  long endOfMarks() {
    return open().endOffsets(List.of(Marks.PARTITION), PATIENCE).get(Marks.PARTITION);
  }

  /** Whether the topic is there, with such a partition. */
  boolean hasPartition(String topic, int partition) {
    return open().listTopics(PATIENCE).getOrDefault(topic, List.of()).stream()
        .anyMatch(known -> known.partition() == partition);
  }

  private Consumer<byte[], byte[]> open() {
    if (consumer == null) {
      consumer = consumers.get();
    }
    return consumer;
  }

  private void drop() {
    if (consumer != null) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      consumer = null;
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      drop();
    } finally {
      turn.unlock();
    }
  }
}
