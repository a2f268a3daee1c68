package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records aside. Thread safe. */
final class Letters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Letters.class);

  /** Room for the headers which say why. */
  private static final int MOST_BYTES = Topics.MAX_RECORD_BYTES - 16 * 1024;

  private static final int LONGEST_REASON = 2_000;
  private static final String COMPONENT = "trigger";

  private final Producer<byte[], byte[]> producer;

  Letters(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Completes when the letter is durable. A record that is too large for the topic of dead letters
   * goes there without key, value and headers; it is still where it was read, and the letter tells
   * where.
   */
  CompletableFuture<Void> put(
      String trigger, ConsumerRecord<byte[], byte[]> record, String reason) {
    LOG.warn(
        "Trigger {}: the record at {}-{} offset {} goes to the dead letters: {}",
        trigger,
        record.topic(),
        record.partition(),
        record.offset(),
        reason);
    CompletableFuture<Void> durable = new CompletableFuture<>();
    try {
      producer.send(
          letter(record, "trigger %s: %s".formatted(trigger, shortened(reason))),
          (_, failure) -> {
            if (failure == null) {
              durable.complete(null);
            } else {
              durable.completeExceptionally(failure);
            }
          });
    } catch (RuntimeException e) {
      durable.completeExceptionally(e);
    }
    return durable;
  }

  private static ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> record, String reason) {
    if (size(record) <= MOST_BYTES) {
      return DeadLetter.of(record, COMPONENT, reason);
    }
    ProducerRecord<byte[], byte[]> letter =
        new DeadLetter(
                "%s (left out here: %d bytes)".formatted(reason, size(record)),
                COMPONENT,
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp())
            .toRecord(null, null, new RecordHeaders());
    letter
        .headers()
        .add(DeadLetter.LEFT_OUT, Long.toString(size(record)).getBytes(StandardCharsets.UTF_8));
    return letter;
  }

  private static long size(ConsumerRecord<byte[], byte[]> record) {
    long size = 0;
    size += record.key() == null ? 0 : record.key().length;
    size += record.value() == null ? 0 : record.value().length;
    for (var header : record.headers()) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return size;
  }

  private static String shortened(String reason) {
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
