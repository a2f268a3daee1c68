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
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Reads topics from their beginning, as readers of committed records see them. */
public final class CommittedRecords {

  private static final Duration POLL = Duration.ofMillis(200);

  private CommittedRecords() {}

  /** What is in all topics now, but for Kafka's own. */
  public static List<ConsumerRecord<byte[], byte[]>> everything(String bootstrapServers) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      return all(
          consumer,
          consumer.listTopics().entrySet().stream()
              .filter(topic -> !topic.getKey().startsWith("__"))
              .flatMap(topic -> topic.getValue().stream())
              .toList());
    }
  }

  /** What is in the topic now. */
  public static List<ConsumerRecord<byte[], byte[]>> all(String bootstrapServers, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      return all(consumer, consumer.partitionsFor(topic));
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(
      KafkaConsumer<byte[], byte[]> consumer, List<PartitionInfo> partitions) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    fromBeginning(consumer, partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(POLL).forEach(records::add);
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

  /** What is in the topic as soon as there is so much; fails after three minutes. */
  public static List<ConsumerRecord<byte[], byte[]>> atLeast(
      String bootstrapServers, String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      fromBeginning(consumer, consumer.partitionsFor(topic));
      Awaitility.await("%d records in %s".formatted(count, topic))
          .atMost(Duration.ofMinutes(3))
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

  private static void fromBeginning(
      KafkaConsumer<byte[], byte[]> consumer, List<PartitionInfo> partitions) {
    consumer.assign(
        partitions.stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
  }
}
