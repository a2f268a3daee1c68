package io.stepstream.dev.testkit;

import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Reads topics from their beginning, as readers of committed records see them. */
public final class CommittedRecords {

  private static final Duration POLL = Duration.ofMillis(200);

  private CommittedRecords() {}

  /** The names of all topics but Kafka's own. */
  public static List<String> topics(String bootstrapServers) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      return consumer.listTopics().keySet().stream()
          .filter(topic -> !topic.startsWith("__"))
          .sorted()
          .toList();
    }
  }

  /** What is in the topic now. */
  public static List<ConsumerRecord<byte[], byte[]>> all(String bootstrapServers, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = fromBeginning(bootstrapServers, topic)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }

  /** What is in the topic now, read. */
  public static <T extends SpecificRecordBase> List<T> values(
      String bootstrapServers, String topic, Class<T> type) {
    RecordCodec<T> codec = WireCodec.forTopic(type, topic, SchemaRegistry.bundled());
    List<T> values = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : all(bootstrapServers, topic)) {
      switch (codec.decode(record.value())) {
        case Decoded.Read<T>(T value) -> values.add(value);
        case Decoded.Unreadable<T>(String reason) ->
            throw new AssertionError(topic + ": " + reason);
      }
    }
    return values;
  }

  /** What is in the topic as soon as there is so much; fails after a minute. */
  public static List<ConsumerRecord<byte[], byte[]>> atLeast(
      String bootstrapServers, String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = fromBeginning(bootstrapServers, topic)) {
      Awaitility.await("%d records in %s".formatted(count, topic))
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                consumer.poll(POLL).forEach(records::add);
                return records.size() >= count;
              });
    }
    return records;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static KafkaConsumer<byte[], byte[]> fromBeginning(
      String bootstrapServers, String topic) {
    KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers);
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
    return consumer;
  }
}
