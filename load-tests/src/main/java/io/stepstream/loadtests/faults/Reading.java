package io.stepstream.loadtests.faults;

import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics as anybody may who reads committed records only. */
final class Reading {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Longer than the longest transaction can be held open. */
  private static final Duration LONGEST_STILL = Duration.ofSeconds(30);

  private Reading() {}

  /** The caller closes it. */
  static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false",
            "fetch.max.bytes",
            String.valueOf(8 << 20)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, Collection<String> topics) {
    return topics.stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /**
   * Everything that is in the topics now.
   *
   * @throws RunFailure if the readers of committed records are held back for too long
   */
  static void all(
      String bootstrapServers,
      Collection<String> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      List<TopicPartition> partitions = partitions(consumer, topics);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // The end of who reads uncommitted records: a transaction that stays open would hide what is
      // behind it from anybody else.
      Map<TopicPartition, Long> ends = uncommittedEnds(bootstrapServers, partitions);
      long moved = System.nanoTime();
      Set<TopicPartition> behind = behind(consumer, ends);
      while (!behind.isEmpty()) {
        var records = consumer.poll(POLL);
        records.forEach(each);
        if (!records.isEmpty()) {
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved > LONGEST_STILL.toNanos()) {
          throw new RunFailure(
              "who reads committed records is held back for more than %d s in %s"
                  .formatted(LONGEST_STILL.toSeconds(), behind));
        }
        behind = behind(consumer, ends);
      }
    }
  }

  private static Map<TopicPartition, Long> uncommittedEnds(
      String bootstrapServers, List<TopicPartition> partitions) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_uncommitted"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return consumer.endOffsets(partitions);
    }
  }

  private static Set<TopicPartition> behind(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .filter(end -> consumer.position(end.getKey()) < end.getValue())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  static <T extends SpecificRecordBase> RecordCodec<T> codec(Class<T> type, String topic) {
    return WireCodec.forTopic(type, topic, SchemaRegistry.bundled());
  }

  /** Null: the record is none of ours. Poison is written to some topics on purpose. */
  static <T extends SpecificRecordBase> @Nullable T value(
      RecordCodec<T> codec, ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(record.value()) instanceof Decoded.Read<T>(T value) ? value : null;
  }
}
