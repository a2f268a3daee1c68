package io.stepstream.coordinator.deadletter;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.DeadLetterMark;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the marks that are on {@link Topics#DLQ_MARKS}: about a hundred bytes for each letter that
 * was redriven or discarded in the last thirty days.
 */
final class Marks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Marks.class);
  private static final Duration POLL = Duration.ofMillis(500);

  static final TopicPartition PARTITION = new TopicPartition(Topics.DLQ_MARKS, 0);

  private final RecordCodec<DeadLetterMark> codec;
  private final TopicReader reader;
  private final Map<LetterId, Mark> marks = new ConcurrentHashMap<>();

  /** Guarded by this: up to where the topic has been read; -1: nowhere yet. */
  private long position = -1;

  /** Whether all has been read once that was there at the start. */
  private volatile boolean known;

  Marks(Supplier<Consumer<byte[], byte[]>> consumers, RecordCodec<DeadLetterMark> codec) {
    this.codec = codec;
    this.reader =
        new TopicReader("stepstream-marks", PARTITION.toString(), consumers, this::follow);
  }

  void start() {
    reader.start();
  }

  boolean areKnown() {
    return known;
  }

  @Nullable Mark of(LetterId id) {
    return marks.get(id);
  }

  /** What this node has written itself. */
  void note(LetterId id, Mark mark) {
    marks.put(id, mark);
  }

  /** Waits until all before the offset is read; false: it takes too long. */
  synchronized boolean awaitPosition(long end, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (position < end) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    while (reader.isOpen()) {
      long read = consumer.position(PARTITION);
      known |= read >= end;
      synchronized (this) {
        position = read;
        notifyAll();
      }
      consumer.poll(POLL).records(PARTITION).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    switch (codec.decode(record.value())) {
      case Decoded.Read(DeadLetterMark mark) -> {
        Mark.Kind kind =
            switch (mark.getKind()) {
              case REDRIVEN -> Mark.Kind.REDRIVEN;
              case DISCARDED -> Mark.Kind.DISCARDED;
              case UNKNOWN -> null;
            };
        if (kind != null) {
          marks.put(
              new LetterId(mark.getPartition(), mark.getOffset()), new Mark(kind, mark.getDate()));
        }
      }
      case Decoded.Unreadable(String reason) ->
          LOG.warn(
              "The mark at {} offset {} is passed over: {}", PARTITION, record.offset(), reason);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
