package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.DeadLetter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records aside that cannot be processed, in the transaction which consumes them. Not thread
 * safe: one per processor.
 */
final class DeadLetters {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final String COMPONENT = "coordinator";

  private final ProcessorContext<Object, byte[]> context;
  private final String sink;
  private final StepCounters counters;

  /**
   * @param sink the sink of the dead letters that is a child of the processor: one which two
   *     sub-topologies shared would make one of them
   */
  DeadLetters(ProcessorContext<Object, byte[]> context, String sink, StepCounters counters) {
    this.context = context;
    this.sink = sink;
    this.counters = counters;
  }

  void put(Delivery delivery, String reason) {
    counters.deadLetter();
    LOG.warn(
        "The record at {}-{} offset {} goes to the dead letters: {}",
        delivery.topic(),
        delivery.partition(),
        delivery.offset(),
        reason);
    ProducerRecord<byte[], byte[]> letter =
        new DeadLetter(
                reason,
                COMPONENT,
                delivery.topic(),
                delivery.partition(),
                delivery.offset(),
                delivery.timestamp())
            .toRecord(delivery.key(), delivery.value(), delivery.headers());
    // Of now: with its own time, which anybody may have given it, it might be deleted at once.
    context.forward(
        new Record<>(letter.key(), letter.value(), context.currentSystemTimeMs(), letter.headers()),
        sink);
  }
}
