package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.DeadLetter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a record aside that cannot be processed, in the transaction which consumes it. */
final class DeadLetters {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final String COMPONENT = "coordinator";

  private DeadLetters() {}

  /**
   * @param sink the sink of dead letters that the processor is connected with
   */
  static void put(
      ProcessorContext<Object, byte[]> context,
      String sink,
      Record<byte[], byte[]> record,
      String reason) {
    RecordMetadata source = context.recordMetadata().orElseThrow();
    LOG.warn(
        "The record at {}-{} offset {} goes to the dead letters: {}",
        source.topic(),
        source.partition(),
        source.offset(),
        reason);
    ProducerRecord<byte[], byte[]> letter =
        new DeadLetter(
                reason,
                COMPONENT,
                source.topic(),
                source.partition(),
                source.offset(),
                record.timestamp())
            .toRecord(record.key(), record.value(), record.headers());
    context.forward(
        new Record<>(letter.key(), letter.value(), record.timestamp(), letter.headers()), sink);
  }

  /** The headers of a record that came from no topic just now: it had been parked. */
  static Headers headers(String reason, String topic, int partition, long timestamp) {
    return new DeadLetter(reason, COMPONENT, topic, partition, -1, timestamp)
        .toRecord(null, null, new RecordHeaders())
        .headers();
  }
}
