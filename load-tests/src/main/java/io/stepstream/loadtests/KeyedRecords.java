package io.stepstream.loadtests;

import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads records again and counts those of one execution, by their keys: the ARN on inbox, peer and
 * completions, the ARN with an event's number in the history, the hash in changelogs.
 */
final class KeyedRecords {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A timer's row begins with when it is due. */
  private static final int HASH_OF_TIMER_AT = Long.BYTES;

  private final String bootstrapServers;
  private final byte[] arn;
  private final byte[] hash;

  KeyedRecords(String bootstrapServers, ExecutionKey execution) {
    this.bootstrapServers = bootstrapServers;
    this.arn = execution.arn().getBytes(StandardCharsets.UTF_8);
    this.hash = execution.hash16();
  }

  /**
   * @param from where to begin; from the first record on where it has no such partition
   */
  long between(EndOffsets from, EndOffsets to) {
    Map<TopicPartition, Long> left = new HashMap<>();
    to.ends().forEach((partition, end) -> left.put(partition, end));
    left.entrySet().removeIf(end -> end.getValue() <= from.ends().getOrDefault(end.getKey(), 0L));
    long count = 0;
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(left.keySet());
      left.keySet().forEach(each -> consumer.seek(each, from.ends().getOrDefault(each, 0L)));
      while (!left.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          Long end = left.get(new TopicPartition(record.topic(), record.partition()));
          if (end != null && record.offset() < end && isOfExecution(record.key())) {
            count++;
          }
        }
        // A transaction's marker is passed over, so the position tells more than the last record.
        for (TopicPartition each : List.copyOf(left.keySet())) {
          if (consumer.position(each) >= left.get(each)) {
            left.remove(each);
            consumer.pause(List.of(each));
          }
        }
      }
    }
    return count;
  }

  boolean isOfExecution(byte[] key) {
    return key != null
        && (startsWith(key, 0, hash)
            || startsWith(key, HASH_OF_TIMER_AT, hash)
            || startsWith(key, 0, arn) && (key.length == arn.length || key[arn.length] == '#'));
  }

  private static boolean startsWith(byte[] key, int at, byte[] beginning) {
    return key.length >= at + beginning.length
        && Arrays.equals(key, at, at + beginning.length, beginning, 0, beginning.length);
  }
}
