package io.stepstream.coordinator.definition;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where records go that can't be read. */
@FunctionalInterface
interface DeadLetters {

  /** Keeps the original bytes with the reason. Doesn't throw: a lost dead letter is only logged. */
  void put(ConsumerRecord<byte[], byte[]> record, String reason);
}
