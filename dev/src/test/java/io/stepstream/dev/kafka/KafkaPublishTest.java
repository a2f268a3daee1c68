package io.stepstream.dev.kafka;

import static io.stepstream.dev.kafka.KafkaTasks.json;
import static io.stepstream.dev.kafka.KafkaTasks.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.kafka.KafkaPublishHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kafka:publish}. */
@ExtendWith(KafkaExtension.class)
final class KafkaPublishTest {

  private final KafkaFixture kafka;
  private final KafkaTasks tasks;

  KafkaPublishTest(KafkaFixture kafka) {
    this.kafka = kafka;
    this.tasks = tasks(Map.of());
  }

  private KafkaTasks tasks(Map<String, String> settings) {
    return new KafkaTasks(kafka, settings, KafkaPublishHandler::new);
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return CommittedRecords.all(kafka.bootstrapServers(), topic);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldAppendARecordThatNamesItsAttempt() throws Exception {
    String topic = kafka.createTopic("publish", 3, Map.of("retention.ms", "-1"));

    JsonNode result =
        tasks.call(
            """
            {'Topic': '%s', 'Key': 'O-1', 'Value': {'cents': 1.50, 'items': ['a']},
             'Headers': {'tenant': '7'}, 'Partition': 2, 'Timestamp': '2026-01-02T03:04:05.678Z'}\
            """
                .formatted(topic));

    assertThat(result)
        .isEqualTo(
            json(
                """
                {'Topic': '%s', 'Partition': 2, 'Offset': 0,
                 'Timestamp': '2026-01-02T03:04:05.678Z'}\
                """
                    .formatted(topic)));
    ConsumerRecord<byte[], byte[]> record = records(topic).getFirst();
    assertThat(record.partition()).isEqualTo(2);
    assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("O-1");
    assertThat(record.value())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"cents\":1.5,\"items\":[\"a\"]}");
    assertThat(header(record, "tenant")).isEqualTo("7");
    assertThat(header(record, "stepstream.execution-arn")).endsWith(":execution:m:e");
    assertThat(header(record, "stepstream.idempotency-key")).endsWith(":execution:m:e#1#0");
  }

  @Test
  void shouldTakeStringsAsTheyAreUnlessToldOtherwise() throws Exception {
    String topic = kafka.createTopic("publish", 1);
    for (String value :
        List.of(
            "'Value': 'text'",
            "'Value': 'text', 'ValueFormat': 'JSON'",
            "'Value': 'AAH/', 'ValueFormat': 'BASE64'",
            "'Value': 7, 'Key': {'id': 1}",
            "'Value': null, 'Key': 'k'")) {
      tasks.call("{'Topic': '%s', %s}".formatted(topic, value));
    }

    List<ConsumerRecord<byte[], byte[]>> records = records(topic);

    assertThat(records)
        .extracting(ConsumerRecord::value)
        .containsExactly(utf8("text"), utf8("\"text\""), new byte[] {0, 1, -1}, utf8("7"), null);
    assertThat(records.get(0).key()).isNull();
    assertThat(records.get(3).key()).isEqualTo(utf8("{\"id\":1}"));
  }

  @Test
  void shouldSayWhatKafkaRefuses() {
    String small = kafka.createTopic("small", 2, Map.of("max.message.bytes", "1000"));

    tasks.fails("Kafka.UnknownTopicOrPartition", "", "{'Topic': 'no-such-topic', 'Value': 1}");
    tasks.fails(
        "Kafka.UnknownTopicOrPartition",
        "has 2 partitions",
        "{'Topic': '%s', 'Value': 1, 'Partition': 2}".formatted(small));
    tasks.fails(
        "Kafka.RecordTooLarge",
        "",
        "{'Topic': '%s', 'Value': '%s'}".formatted(small, "x".repeat(2_000)));
    tasks.fails(
        "Kafka.InvalidTimestamp",
        "",
        "{'Topic': '%s', 'Value': 1, 'Timestamp': '2999-01-01T00:00:00Z'}".formatted(small));
  }

  @Test
  void shouldFindPartitionsThatWereAddedMeanwhile() throws Exception {
    String topic = kafka.createTopic("grows", 1);
    String second = "{'Topic': '%s', 'Value': 1, 'Partition': 1}".formatted(topic);
    tasks.call("{'Topic': '%s', 'Value': 0}".formatted(topic));
    tasks.fails("Kafka.UnknownTopicOrPartition", "has 1 partitions", second);

    kafka.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();

    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(tasks.call(second).path("Partition").asInt()).isEqualTo(1));
  }

  @Test
  void shouldKeepAwayFromInternalTopicsUnlessTheOperatorListsThem() throws Exception {
    String internal = kafka.uniqueName("stepstream.start");
    kafka.createTopics(new NewTopic(internal, 1, (short) 1));
    String call = "{'Topic': '%s', 'Value': 1}".formatted(internal);
    for (String topic :
        List.of(
            internal,
            "stepstream.std.inbox",
            "stepstream.tasks.lambda",
            "stepstream-standard-executions-changelog",
            "__consumer_offsets")) {
      tasks.fails(
          "States.Permissions",
          "stepstream.worker.kafka.default.internal-topics",
          "{'Topic': '%s', 'Value': 1}".formatted(topic));
    }
    assertThat(records(internal)).isEmpty();

    try (KafkaTasks allowed =
        tasks(Map.of("stepstream.worker.kafka.default.internal-topics", "other," + internal))) {
      assertThat(allowed.call(call).path("Offset").asLong()).isZero();
    }
  }

  @Test
  void shouldGoWhereTheOperatorSaysThatAConnectionLeads(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(directory.resolve("client.properties"), "client.id=orders-team\n");
    String topic = kafka.createTopic("named", 1);
    try (KafkaTasks named =
        tasks(
            Map.of(
                "stepstream.worker.kafka.orders.bootstrap-servers", kafka.bootstrapServers(),
                "stepstream.worker.kafka.orders.config-file", file.toString()))) {

      named.call("{'Connection': 'orders', 'Topic': '%s', 'Value': 1}".formatted(topic));

      assertThat(records(topic)).hasSize(1);
      named.fails(
          "Kafka.ConnectionNotFound",
          "stepstream.worker.kafka.payments.bootstrap-servers",
          "{'Connection': 'payments', 'Topic': 't', 'Value': 1}");
    }
  }

  @Test
  void shouldFailWhenNoBrokerAnswers(@TempDir Path directory) throws Exception {
    Path quick =
        Files.writeString(
            directory.resolve("client.properties"),
            "default.api.timeout.ms=300\nrequest.timeout.ms=200\n");
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    try (KafkaTasks away =
        tasks(
            Map.of(
                "stepstream.worker.kafka.default.bootstrap-servers",
                "127.0.0.1:" + closed,
                "stepstream.worker.kafka.default.config-file",
                quick.toString()))) {
      away.fails("Kafka.Timeout", "", "{'Topic': 't', 'Value': 1}");
    }
  }

  @Test
  void shouldNotTellHowAConnectionIsSet(@TempDir Path directory) throws Exception {
    Path wrong =
        Files.writeString(directory.resolve("client.properties"), "security.protocol=hunter2\n");
    try (KafkaTasks set =
            tasks(
                Map.of(
                    "stepstream.worker.kafka.default.bootstrap-servers", kafka.bootstrapServers(),
                    "stepstream.worker.kafka.default.config-file", wrong.toString()));
        KafkaTasks missing =
            tasks(
                Map.of(
                    "stepstream.worker.kafka.default.bootstrap-servers", kafka.bootstrapServers(),
                    "stepstream.worker.kafka.default.config-file",
                        directory.resolve("none").toString()))) {
      set.fails("Kafka.Config", "the worker's log tells why", "{'Topic': 't', 'Value': 1}");
      missing.fails("Kafka.Config", "NoSuchFileException", "{'Topic': 't', 'Value': 1}");
    }
  }

  @Test
  void shouldRefuseWhatIsNoArgument() {
    for (String arguments :
        List.of(
            "[]",
            "{'Value': 1}",
            "{'Topic': '', 'Value': 1}",
            "{'Topic': 't'}",
            "{'Topic': 5, 'Value': 1}",
            "{'Topic': 't', 'Value': 1, 'BootstrapServers': 'h:1'}",
            "{'Topic': 't', 'Value': 1, 'Connection': 'h:9092'}",
            "{'Topic': 't', 'Value': 1, 'Connection': 'a.b'}",
            "{'Topic': 't', 'Value': 1, 'Partition': -1}",
            "{'Topic': 't', 'Value': 1, 'Partition': '1'}",
            "{'Topic': 't', 'Value': 1, 'Timestamp': 'yesterday'}",
            "{'Topic': 't', 'Value': 1, 'Timestamp': -1}",
            "{'Topic': 't', 'Value': 1, 'ValueFormat': 'PROTOBUF'}",
            "{'Topic': 't', 'Value': 1, 'ValueSchemaId': 7}",
            "{'Topic': 't', 'Value': 1, 'ValueFormat': 'AVRO', 'ValueSchemaId': 'x'}",
            "{'Topic': 't', 'Value': {}, 'ValueFormat': 'TEXT'}",
            "{'Topic': 't', 'Value': '?', 'ValueFormat': 'BASE64'}",
            "{'Topic': 't', 'Value': 1, 'Headers': []}",
            "{'Topic': 't', 'Value': 1, 'Headers': {'a': 1}}",
            "{'Topic': 't', 'Value': 1, 'Headers': {'stepstream.idempotency-key': 'x'}}")) {
      tasks.fails("States.Runtime", "", arguments);
    }
  }
}
