package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.topic.DeadLetter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records aside. Thread safe. */
final class Letters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Letters.class);

  private static final int LONGEST_REASON = 2_000;
  private static final String COMPONENT = "trigger";

  private final Producer<byte[], byte[]> producer;

  Letters(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** Completes when the letter is durable. */
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
          DeadLetter.of(record, COMPONENT, "trigger %s: %s".formatted(trigger, shortened(reason))),
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

  private static String shortened(String reason) {
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
