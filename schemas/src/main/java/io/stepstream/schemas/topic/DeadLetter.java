package io.stepstream.schemas.topic;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Why a record was put aside and where it came from, as headers of the record on {@link
 * Topics#DLQ}. Key, value and the original headers are kept, so the record can be sent again once
 * the cause is mended. All values are UTF-8, numbers in decimal.
 *
 * @param reason what was wrong, for operators
 * @param component who put it aside, for example {@code coordinator} or {@code worker}
 * @param timestamp of the original record, in milliseconds since the epoch
 */
public record DeadLetter(
    String reason, String component, String topic, int partition, long offset, long timestamp) {

  public static final String REASON = "stepstream.dlq.reason";
  public static final String COMPONENT = "stepstream.dlq.component";
  public static final String TOPIC = "stepstream.dlq.topic";
  public static final String PARTITION = "stepstream.dlq.partition";
  public static final String OFFSET = "stepstream.dlq.offset";
  public static final String TIMESTAMP = "stepstream.dlq.timestamp";

  /**
   * {@code true} on the letters of records whose senders have got an answer, a failure: nobody
   * waits for them, and they must not be sent again.
   */
  public static final String ANSWERED = "stepstream.dlq.answered";

  /**
   * On a letter without the record's key, value and headers, which were too large: how many bytes
   * they have. The record is still where it was read.
   */
  public static final String LEFT_OUT = "stepstream.dlq.left-out";

  /** Room for the headers which say why. */
  private static final int MOST_BYTES = Topics.MAX_RECORD_BYTES - 64 * 1024;

  private static final int LONGEST_REASON = 4_000;

  public DeadLetter {
    requireNonNull(reason, "reason");
    requireNonNull(component, "component");
    requireNonNull(topic, "topic");
  }

  /** The record to publish in order to put a consumed one aside. */
  public static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> source, String component, String reason) {
    DeadLetter letter =
        new DeadLetter(
            reason,
            component,
            source.topic(),
            source.partition(),
            source.offset(),
            source.timestamp());
    return letter.toRecord(source.key(), source.value(), source.headers());
  }

  /** As {@link #of}, of a record that has been answered with a failure. */
  public static ProducerRecord<byte[], byte[]> ofAnswered(
      ConsumerRecord<byte[], byte[]> source, String component, String reason) {
    ProducerRecord<byte[], byte[]> letter = of(source, component, reason);
    put(letter.headers(), ANSWERED, "true");
    return letter;
  }

  /**
   * The record to publish; a second burial replaces the headers of the first. A record that is too
   * large for the topic of dead letters goes there without key, value and headers: it is still
   * where it was read, and the letter tells where. Compression lets any topic have such records.
   */
  public ProducerRecord<byte[], byte[]> toRecord(
      byte @Nullable [] key, byte @Nullable [] value, Headers original) {
    long size = size(key, value, original);
    if (size > MOST_BYTES) {
      Headers headers = headers(new RecordHeaders(), ofLength(reason) + leftOut(size));
      put(headers, LEFT_OUT, Long.toString(size));
      return new ProducerRecord<>(Topics.DLQ, null, null, null, null, headers);
    }
    Headers headers = headers(originals(original), ofLength(reason));
    return new ProducerRecord<>(Topics.DLQ, null, null, key, value, headers);
  }

  private static String leftOut(long size) {
    return " (left out here: %d bytes)".formatted(size);
  }

  private static String ofLength(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
  }

  private static long size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    long size = 0;
    size += key == null ? 0 : key.length;
    size += value == null ? 0 : value.length;
    for (Header header : headers) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return size;
  }

  private Headers headers(Headers headers, String told) {
    put(headers, REASON, told);
    put(headers, COMPONENT, component);
    put(headers, TOPIC, topic);
    put(headers, PARTITION, Integer.toString(partition));
    put(headers, OFFSET, Long.toString(offset));
    put(headers, TIMESTAMP, Long.toString(timestamp));
    return headers;
  }

  /** The headers that the record itself had. */
  public static Headers originals(Headers headers) {
    Headers originals = new RecordHeaders();
    for (Header header : headers) {
      if (!header.key().startsWith("stepstream.dlq.")) {
        originals.add(header);
      }
    }
    return originals;
  }

  private static void put(Headers headers, String name, String text) {
    headers.remove(name);
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
