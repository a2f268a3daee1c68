package io.stepstream.worker;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One delivery of an order. Its holder settles it exactly once, from any thread. */
interface Delivery {

  /** The record as it came from the topic. */
  ConsumerRecord<byte[], byte[]> order();

  /** How often the broker has handed out the record, from 1. */
  int count();

  /**
   * After how many deliveries the broker drops the record silently; {@link Integer#MAX_VALUE}:
   * never.
   */
  int limit();

  /** Tells the source; never blocks. */
  void settle(Settlement settlement);
}
