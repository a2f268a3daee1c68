package io.stepstream.dev.kafka;

import static io.stepstream.dev.kafka.KafkaTasks.json;
import static io.stepstream.dev.kafka.KafkaTasks.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.kafka.KafkaReadHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kafka:read}. */
@ExtendWith(KafkaExtension.class)
final class KafkaReadTest {

  /** For records whose timestamps are long past. */
  private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

  private final KafkaFixture kafka;
  private final KafkaTasks tasks;

  KafkaReadTest(KafkaFixture kafka) {
    this.kafka = kafka;
    this.tasks = new KafkaTasks(kafka, Map.of(), KafkaReadHandler::new);
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  private static List<Integer> values(JsonNode read) {
    List<Integer> values = new ArrayList<>();
    read.path("Records").forEach(record -> values.add(record.path("Value").asInt()));
    return values;
  }

  @Test
  void shouldTellWhatARecordHolds() throws Exception {
    String topic = kafka.createTopic("read", 1, KEPT);
    tasks
        .producer
        .send(
            new ProducerRecord<>(
                topic,
                0,
                1_767_323_045_678L,
                utf8("O-1"),
                utf8("{\"cents\": 1.50}"),
                List.of(
                    new RecordHeader("tenant", utf8("7")),
                    new RecordHeader("raw", new byte[] {-1}),
                    new RecordHeader("none", (byte[]) null))))
        .get();
    tasks.producer.send(new ProducerRecord<byte[], byte[]>(topic, 0, 0L, null, null)).get();

    JsonNode read = tasks.call("{'Topic': '%s'}".formatted(topic));

    assertThat(read.toString())
        .isEqualTo(
            json("""
            {'Records': [
              {'Partition': 0, 'Offset': 0, 'Timestamp': '2026-01-02T03:04:05.678Z',
               'Key': 'O-1', 'Value': {'cents': 1.50},
               'Headers': {'tenant': '7', 'raw': '/w==', 'none': null}},
              {'Partition': 0, 'Offset': 1, 'Timestamp': '1970-01-01T00:00:00Z',
               'Key': null, 'Value': null, 'Headers': {}}],
             'NextOffsets': {'0': 2}, 'EndReached': true}\
            """)
                .toString());
  }

  @Test
  void shouldReadEachRecordOnceWhenItGoesOnAtTheNextOffsets() throws Exception {
    String topic = kafka.createTopic("read", 3);
    for (int i = 0; i < 100; i++) {
      tasks.append(topic, i % 3, String.valueOf(i));
    }
    List<Integer> all = new ArrayList<>();
    JsonNode read = tasks.call("{'Topic': '%s', 'MaxRecords': 7}".formatted(topic));
    while (!read.path("EndReached").asBoolean()) {
      assertThat(values(read)).hasSizeBetween(1, 7);
      all.addAll(values(read));
      read =
          tasks.call(
              "{'Topic': '%s', 'MaxRecords': 7, 'FromOffsets': %s}"
                  .formatted(topic, read.path("NextOffsets")));
    }
    all.addAll(values(read));

    assertThat(all).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).boxed().toList());
    assertThat(read.path("NextOffsets")).isEqualTo(json("{'0': 34, '1': 33, '2': 33}"));
  }

  @Test
  void shouldAnswerNoMoreThanATaskMay() throws Exception {
    String topic = kafka.createTopic("read", 1);
    String large = "\"" + "x".repeat(100_000) + "\"";
    tasks.append(topic, 0, large, large, large, "\"" + "x".repeat(262_100) + "\"");

    JsonNode read = tasks.call("{'Topic': '%s'}".formatted(topic));

    assertThat(read.path("Records")).hasSize(2);
    assertThat(read.path("EndReached").asBoolean()).isFalse();
    assertThat(read.path("NextOffsets")).isEqualTo(json("{'0': 2}"));
    tasks.fails(
        "States.DataLimitExceeded",
        "offset 3 of partition 0",
        "{'Topic': '%s', 'Partition': 0, 'FromOffset': 3}".formatted(topic));
  }

  @Test
  void shouldReadBetweenOffsetsAndBetweenMoments() throws Exception {
    String topic = kafka.createTopic("read", 2, KEPT);
    for (int i = 0; i < 10; i++) {
      tasks.producer.send(new ProducerRecord<>(topic, i % 2, 1_000L * i, null, utf8("" + i))).get();
    }
    for (Map.Entry<String, List<Integer>> each :
        Map.<String, List<Integer>>of(
                "'Partition': 1", List.of(1, 3, 5, 7, 9),
                "'Partitions': [0], 'FromOffsets': {'0': 1}, 'ToOffsets': {'0': 3}", List.of(2, 4),
                "'Partition': 0, 'FromOffset': 4, 'ToOffset': 99", List.of(8),
                "'Partition': 0, 'FromOffset': 3, 'ToOffset': 2", List.of(),
                "'FromTimestamp': 3500, 'ToTimestamp': '1970-01-01T00:00:07Z'", List.of(4, 5, 6),
                "'FromTimestamp': 99000", List.of())
            .entrySet()) {
      assertThat(values(tasks.call("{'Topic': '%s', %s}".formatted(topic, each.getKey()))))
          .as(each.getKey())
          .containsExactlyInAnyOrderElementsOf(each.getValue());
    }
  }

  @Test
  void shouldReadCommittedRecordsOnlyAndPassTheMarkersOfTransactions() throws Exception {
    String topic = kafka.createTopic("read", 1);
    try (KafkaProducer<byte[], byte[]> transactional =
        KafkaTasks.producer(
            kafka, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.uniqueName("tx")))) {
      transactional.initTransactions();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, utf8("1")));
      transactional.send(new ProducerRecord<>(topic, utf8("2")));
      transactional.commitTransaction();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, utf8("-1"))).get();
      transactional.abortTransaction();
      tasks.awaitStable(topic, 5);
      String from = "{'Topic': '%s', 'Partition': 0, 'FromOffset': %d}";

      // the two, their marker, the aborted one and its marker
      JsonNode committed = tasks.call("{'Topic': '%s'}".formatted(topic));
      assertThat(values(committed)).containsExactly(1, 2);
      assertThat(committed.path("NextOffsets")).isEqualTo(json("{'0': 5}"));
      JsonNode onlyMarkers = tasks.call(from.formatted(topic, 3));
      assertThat(values(onlyMarkers)).isEmpty();
      assertThat(onlyMarkers.path("NextOffsets")).isEqualTo(json("{'0': 5}"));

      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, utf8("3"))).get();
      tasks.append(topic, 0, "4");
      JsonNode open = tasks.call(from.formatted(topic, 5));
      assertThat(values(open)).isEmpty();
      assertThat(open.path("NextOffsets")).isEqualTo(json("{'0': 5}"));
      transactional.commitTransaction();
      tasks.awaitStable(topic, 8);
      assertThat(values(tasks.call(from.formatted(topic, 5)))).containsExactly(3, 4);
    }
  }

  @Test
  void shouldPassOffsetsThatCompactionHasEmptied() throws Exception {
    String topic =
        kafka.createTopic(
            "compacted",
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.ms", "1",
                "min.cleanable.dirty.ratio", "0.0001"));
    for (int i = 0; i < 20; i++) {
      tasks.producer.send(new ProducerRecord<>(topic, 0, utf8("k" + i % 2), utf8("" + i))).get();
    }
    Awaitility.await("compaction")
        .atMost(Duration.ofMinutes(3))
        .until(() -> CommittedRecords.all(kafka.bootstrapServers(), topic).size() < 10);

    JsonNode read = tasks.call("{'Topic': '%s'}".formatted(topic));

    assertThat(values(read)).hasSizeBetween(2, 9).endsWith(18, 19);
    assertThat(read.path("NextOffsets")).isEqualTo(json("{'0': 20}"));
    JsonNode gap =
        tasks.call(
            "{'Topic': '%s', 'Partition': 0, 'FromOffset': 0, 'ToOffset': 4}".formatted(topic));
    assertThat(values(gap)).isEmpty();
    assertThat(gap.path("NextOffsets")).isEqualTo(json("{'0': 4}"));
  }

  @Test
  void shouldWaitForRecordsToCome() throws Exception {
    String topic = kafka.createTopic("read", 2);
    String wait = "{'Topic': '%s', 'MaxWaitSeconds': %d}";

    JsonNode nothing = tasks.call(wait.formatted(topic, 1));
    assertThat(values(nothing)).isEmpty();
    assertThat(nothing.path("NextOffsets")).isEqualTo(json("{'0': 0, '1': 0}"));

    CompletableFuture<JsonNode> waiting = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                waiting.complete(tasks.call(wait.formatted(topic, 60)));
              } catch (Throwable e) {
                waiting.completeExceptionally(e);
              }
            });
    tasks.append(topic, 1, "7");
    JsonNode came = waiting.get();
    assertThat(values(came)).containsExactly(7);
    assertThat(came.path("NextOffsets")).isEqualTo(json("{'0': 0, '1': 1}"));
  }

  @Test
  void shouldStopWaitingWhenNobodyWaitsForTheResult() throws Exception {
    String topic = kafka.createTopic("read", 1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread reading =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    tasks.call("{'Topic': '%s', 'MaxWaitSeconds': 300}".formatted(topic));
                  } catch (Throwable e) {
                    end.set(e);
                  }
                });

    reading.interrupt();

    assertThat(reading.join(Duration.ofSeconds(30))).isTrue();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void shouldSayWhichRecordIsNotOfTheFormat() throws Exception {
    String topic = kafka.createTopic("read", 1);
    tasks.producer.send(new ProducerRecord<>(topic, new byte[] {-1}, new byte[] {0, -1})).get();

    tasks.fails(
        "Kafka.RecordDeserialization",
        "The key of the record at offset 0 of partition 0 of '%s' is not UTF-8".formatted(topic),
        "{'Topic': '%s'}".formatted(topic));
    tasks.fails(
        "Kafka.RecordDeserialization",
        "is not JSON",
        "{'Topic': '%s', 'KeyFormat': 'BASE64'}".formatted(topic));
    JsonNode read =
        tasks.call(
            "{'Topic': '%s', 'KeyFormat': 'BASE64', 'ValueFormat': 'BASE64'}".formatted(topic));
    assertThat(read.at("/Records/0/Key").asText()).isEqualTo("/w==");
    assertThat(read.at("/Records/0/Value").asText()).isEqualTo("AP8=");
  }

  @Test
  void shouldFailWhereThereIsNothingLikeThat() throws Exception {
    String topic = kafka.createTopic("read", 1);
    tasks.append(topic, 0, "1", "2", "3");
    kafka
        .admin()
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2)))
        .all()
        .get();
    String from = "{'Topic': '%s', 'Partition': 0, 'FromOffset': %d}";

    tasks.fails("Kafka.OffsetOutOfRange", "offsets 2 to 3, without 1", from.formatted(topic, 1));
    tasks.fails("Kafka.OffsetOutOfRange", "offsets 2 to 3, without 4", from.formatted(topic, 4));
    assertThat(values(tasks.call(from.formatted(topic, 2)))).containsExactly(3);
    tasks.fails("Kafka.UnknownTopicOrPartition", "", "{'Topic': 'no-such-topic'}");
    tasks.fails(
        "Kafka.UnknownTopicOrPartition",
        "has 1 partitions",
        "{'Topic': '%s', 'FromOffsets': {'1': 0}}".formatted(topic));
    tasks.fails("States.Permissions", "", "{'Topic': 'stepstream.history'}");
  }

  @Test
  void shouldRefuseWhatIsNoArgument() {
    for (String arguments :
        List.of(
            "{}",
            "{'Topic': 't', 'Offset': 1}",
            "{'Topic': 't', 'FromOffset': 1}",
            "{'Topic': 't', 'Partition': 1, 'Partitions': [1]}",
            "{'Topic': 't', 'Partitions': []}",
            "{'Topic': 't', 'Partitions': ['1']}",
            "{'Topic': 't', 'FromOffsets': [1]}",
            "{'Topic': 't', 'FromOffsets': {'a': 1}}",
            "{'Topic': 't', 'FromOffsets': {'-1': 1}}",
            "{'Topic': 't', 'FromOffsets': {'0': -1}}",
            "{'Topic': 't', 'FromOffsets': {}, 'FromTimestamp': 1}",
            "{'Topic': 't', 'MaxRecords': 0}",
            "{'Topic': 't', 'MaxRecords': 10001}",
            "{'Topic': 't', 'MaxWaitSeconds': 301}",
            "{'Topic': 't', 'MaxWaitSeconds': 1, 'ToTimestamp': 1}")) {
      tasks.fails("States.Runtime", "", arguments);
    }
  }
}
