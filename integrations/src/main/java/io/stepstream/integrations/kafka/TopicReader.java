package io.stepstream.integrations.kafka;

import io.stepstream.worker.handler.TaskFailedException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads spans of partitions until they are over or there is no more room. Offsets without a record,
 * which compaction, aborted transactions and the markers of transactions leave, are passed over:
 * where a span goes on is where the consumer goes on, not the offset after the last record.
 *
 * <p>Not thread safe; for one answer.
 */
final class TopicReader {

  /** Without a record and without progress for so long, nothing will come. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final RecordText text;
  private final int maxRecords;
  private final int maxBytes;
  private final Duration silence;
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private int count;
  private boolean full;

  /**
   * @param maxRecords of the answer
   * @param maxBytes of the answer, as a JSON array
   * @param silence {@link #SILENCE}
   */
  TopicReader(
      Consumer<byte[], byte[]> consumer,
      String topic,
      RecordText text,
      int maxRecords,
      int maxBytes,
      Duration silence) {
    this.consumer = consumer;
    this.topic = topic;
    this.text = text;
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.silence = silence;
    this.full = maxRecords == 0;
  }

  /** What was read, a JSON array in UTF-8. */
  byte[] array() {
    ByteArrayOutputStream array = new ByteArrayOutputStream(records.size() + 2);
    array.write('[');
    array.writeBytes(records.toByteArray());
    array.write(']');
    return array.toByteArray();
  }

  int count() {
    return count;
  }

  /** Whether there was more to read than room. */
  boolean isFull() {
    return full;
  }

  /**
   * Reads until all is read or there is no room.
   *
   * @return the same spans, as far as they are still to be read
   * @throws TaskFailedException brokers don't answer, or there is what can't be read
   */
  List<Span> read(List<Span> spans) throws InterruptedException {
    return KafkaErrors.of(() -> read(spans, Duration.ZERO));
  }

  /**
   * Waits for records to come.
   *
   * @param longest until the first one
   * @return the same spans, as far as they are still to be read
   */
  List<Span> await(List<Span> spans, Duration longest) throws InterruptedException {
    List<Span> open = spans.stream().map(Span::open).toList();
    return KafkaErrors.of(() -> read(open, longest));
  }

  private List<Span> read(List<Span> spans, Duration wait) {
    SortedMap<Integer, Span> all = new TreeMap<>();
    spans.forEach(span -> all.put(span.partition(), span));
    List<TopicPartition> parts =
        all.values().stream().filter(s -> !s.isOver()).map(this::at).toList();
    if (parts.isEmpty()) {
      return List.copyOf(all.values());
    }
    consumer.assign(parts);
    // Those that were over may not be so any more.
    consumer.resume(parts);
    parts.forEach(part -> consumer.seek(part, all.get(part.partition()).next()));
    boolean waits = !wait.isZero();
    long begun = System.nanoTime();
    long progressed = begun;
    while (!full) {
      if (waits && System.nanoTime() - begun >= wait.toNanos()) {
        break;
      }
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (take(polled, all)) {
        progressed = System.nanoTime();
      }
      if (waits ? count > 0 : all.values().stream().allMatch(Span::isOver)) {
        break;
      }
      if (!waits && System.nanoTime() - progressed >= silence.toNanos()) {
        throw new TimeoutException(
            "Nothing came from '%s' for %d s, though there should be more: %s"
                .formatted(topic, silence.toSeconds(), all.values()));
      }
    }
    return List.copyOf(all.values());
  }

  private TopicPartition at(Span span) {
    return new TopicPartition(topic, span.partition());
  }

  /** True: it went on, if only past offsets without a record. */
  private boolean take(ConsumerRecords<byte[], byte[]> polled, SortedMap<Integer, Span> all) {
    boolean progress = false;
    List<TopicPartition> over = new ArrayList<>();
    for (TopicPartition part : consumer.assignment()) {
      Span before = all.get(part.partition());
      if (before.isOver()) {
        continue;
      }
      Span after = take(polled.records(part), before);
      if (!full) {
        // All that came was taken; what the consumer went past held nothing for us.
        after = after.from(Math.max(after.next(), consumer.position(part)));
      }
      all.put(part.partition(), after);
      progress |= after.next() > before.next();
      if (after.isOver()) {
        over.add(part);
      }
      if (full) {
        break;
      }
    }
    consumer.pause(over);
    return progress;
  }

  private Span take(List<ConsumerRecord<byte[], byte[]>> polled, Span span) {
    Span rest = span;
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      if (record.offset() >= span.end()) {
        return rest.from(span.end());
      }
      if (!add(text.of(record), record)) {
        full = true;
        return rest.from(record.offset());
      }
      rest = rest.from(record.offset() + 1);
    }
    return rest;
  }

  /** False: there is no room for it. */
  private boolean add(byte[] json, ConsumerRecord<byte[], byte[]> record) {
    int size = records.size() + json.length + (count == 0 ? 0 : 1);
    if (count == 0 && size > maxBytes - 2) {
      throw new TaskFailedException(
          "States.DataLimitExceeded",
          "The record at offset %d of partition %d of '%s' has %d bytes of JSON, more than %d."
              .formatted(record.offset(), record.partition(), topic, json.length, maxBytes - 2));
    }
    if (count == maxRecords || size > maxBytes - 2) {
      return false;
    }
    if (count > 0) {
      records.write(',');
    }
    records.writeBytes(json);
    count++;
    return true;
  }
}
