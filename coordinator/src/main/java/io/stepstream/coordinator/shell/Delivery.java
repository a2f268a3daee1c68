package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.schemas.topic.LaneTopics;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record of the inbox or the peer topic, fresh from there or after it was parked.
 *
 * @param attempts how often it has been parked so far
 */
record Delivery(
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    String topic,
    int partition,
    long offset,
    long timestamp,
    int attempts) {

  /** A record that has just been read. */
  static Delivery fresh(Record<byte[], byte[]> record, RecordMetadata source) {
    return new Delivery(
        record.key(),
        record.value(),
        record.headers(),
        source.topic(),
        source.partition(),
        source.offset(),
        record.timestamp(),
        0);
  }

  /** A record that was parked; its headers are gone, and its key is the ARN as of all envelopes. */
  static Delivery parked(TimerRow row, LaneTopics topics, int partition, String executionArn) {
    boolean peer = (row.frameId() & 1) == 1;
    return new Delivery(
        Outputs.utf8(executionArn),
        row.value(),
        new RecordHeaders(),
        peer ? topics.peer() : topics.inbox(),
        partition,
        row.frameId() >> 1,
        row.dueMillis(),
        row.epoch());
  }

  /** A message from the same partition, which never was a record. */
  static Delivery message(TimerRow row, LaneTopics topics, int partition, String executionArn) {
    return new Delivery(
        Outputs.utf8(executionArn),
        row.value(),
        new RecordHeaders(),
        topics.peer(),
        partition,
        // No offset is negative, so a message that has to wait meets no record that waits.
        -1 - row.frameId(),
        row.dueMillis(),
        0);
  }

  /**
   * Where the record came from, as the id of its timer row: two commands for one execution which
   * are parked at the same moment must not overwrite each other.
   */
  long parkedId(LaneTopics topics) {
    return offset << 1 | (topic.equals(topics.peer()) ? 1 : 0);
  }
}
