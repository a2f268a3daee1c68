package io.stepstream.dev.kafka;

import static io.stepstream.dev.kafka.KafkaTasks.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.asl.json.Json;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.kafka.KafkaPublishHandler;
import io.stepstream.integrations.kafka.KafkaReadHandler;
import io.stepstream.integrations.kafka.ReadTopicHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Avro in Confluent's wire format, through a registry that speaks Confluent's REST API. */
@ExtendWith(KafkaExtension.class)
final class AvroRecordsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ORDER =
      """
      {"type":"record","name":"Order","fields":[{"name":"id","type":"string"},\
      {"name":"cents","type":"int"},{"name":"note","type":["null","string"],"default":null}]}\
      """;

  /** "O-1" by that schema: a length of 3, in zigzag; 150; the first branch. */
  private static final byte[] VALUE = {0, 0, 0, 0, 7, 6, 'O', '-', '1', (byte) 0xac, 2, 0};

  private final KafkaFixture kafka;
  private final Map<String, String> answers = new HashMap<>();
  private HttpStub registry;
  private KafkaTasks publish;
  private KafkaTasks read;
  private volatile boolean away;

  AvroRecordsTest(KafkaFixture kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    registry =
        new HttpStub(
            (exchange, _) -> {
              String path = exchange.getRequestURI().getPath();
              String answer = answers.get(path);
              if (away) {
                HttpStub.send(exchange, 503, "");
              } else if (answer != null) {
                HttpStub.send(exchange, 200, answer);
              } else {
                int code = path.startsWith("/schemas") ? 40403 : 40401;
                HttpStub.send(
                    exchange, 404, "{\"error_code\":%d,\"message\":\"none\"}".formatted(code));
              }
            });
    answers.put("/schemas/ids/7", answer(Map.of("schema", ORDER)));
    answers.put("/schemas/ids/8", answer(Map.of("schema", "\"string\"")));
    Map<String, String> settings = Map.of("schema.registry.url", registry.endpoint().toString());
    publish = new KafkaTasks(kafka, settings, KafkaPublishHandler::new);
    read = new KafkaTasks(kafka, settings, KafkaReadHandler::new);
  }

  @AfterEach
  void stop() {
    publish.close();
    read.close();
    registry.close();
  }

  private static String answer(Map<String, Object> members) {
    return JSON.valueToTree(members).toString();
  }

  private List<byte[]> values(String topic) {
    return CommittedRecords.all(kafka.bootstrapServers(), topic).stream()
        .map(record -> record.value())
        .toList();
  }

  @Test
  void shouldPublishByTheLatestSchemaAndReadBack() throws Exception {
    String topic = kafka.createTopic("avro", 1);
    answers.put(
        "/subjects/" + topic + "-value/versions/latest",
        answer(Map.of("id", 7, "version", 2, "schema", ORDER)));

    publish.call(
        """
        {'Topic': '%s', 'Key': 'O-1', 'KeyFormat': 'AVRO', 'KeySchemaId': 8,
         'Value': {'id': 'O-1', 'cents': 150}, 'ValueFormat': 'AVRO'}\
        """
            .formatted(topic));
    publish.call(
        "{'Topic': '%s', 'Value': null, 'ValueFormat': 'AVRO', 'KeyFormat': 'AVRO'}"
            .formatted(topic));

    assertThat(values(topic)).containsExactly(VALUE, null);
    assertThat(CommittedRecords.all(kafka.bootstrapServers(), topic).getFirst().key())
        .isEqualTo(new byte[] {0, 0, 0, 0, 8, 6, 'O', '-', '1'});
    JsonNode records =
        read.call("{'Topic': '%s', 'KeyFormat': 'AVRO', 'ValueFormat': 'AVRO'}".formatted(topic))
            .path("Records");
    assertThat(records.get(0).path("Key").asText()).isEqualTo("O-1");
    assertThat(records.get(0).path("Value"))
        .isEqualTo(json("{'id': 'O-1', 'cents': 150, 'note': null}"));
    assertThat(records.get(1).path("Value").isNull()).isTrue();
  }

  @Test
  void shouldReadTheItemsOfAMap() throws Exception {
    String topic = kafka.createTopic("items", 1);
    publish.producer.send(new ProducerRecord<>(topic, VALUE)).get();
    try (KafkaTasks items =
        new KafkaTasks(
            kafka,
            Map.of(
                "stepstream.worker.kafka.shop.bootstrap-servers", kafka.bootstrapServers(),
                "stepstream.worker.kafka.shop.schema-registry-url", registry.endpoint().toString()),
            ReadTopicHandler::new)) {
      ItemRequest request =
          new ItemRequest(
              new ItemSource(
                  ItemSource.Action.READ_TOPIC,
                  Map.of("Connection", "shop", "Topic", topic, "ValueFormat", "AVRO"),
                  ReaderConfig.NONE,
                  0),
              0,
              null,
              10,
              100_000);

      ItemPage.Decoded page = ItemPage.decode(items.answer(request.encode()));

      assertThat(page.items()).hasSize(1);
      assertThat(JSON.readTree(Json.encode(page.items().getFirst())).at("/Value/id").asText())
          .isEqualTo("O-1");
    }
  }

  @Test
  void shouldSayWhyARecordCantBeWrittenOrRead() throws Exception {
    String topic = kafka.createTopic("wrong", 1);
    String write = "{'Topic': '%s', 'Value': %s, 'ValueFormat': 'AVRO', 'ValueSchemaId': %d}";
    publish.fails(
        "Kafka.Serialization",
        "not of the schema with id 7: /cents is string rather than",
        write.formatted(topic, "{'id': 'O-1', 'cents': 'x'}", 7));
    publish.fails("Kafka.Serialization", "no such id", write.formatted(topic, "1", 99));
    publish.fails(
        "Kafka.Serialization",
        "no such subject",
        "{'Topic': '%s', 'Value': 1, 'ValueFormat': 'AVRO'}".formatted(topic));
    away = true;
    publish.fails("Kafka.SchemaRegistry", "HTTP 503", write.formatted(topic, "1", 98));
    away = false;
    assertThat(values(topic)).isEmpty();

    String readIt = "{'Topic': '%s', 'ValueFormat': 'AVRO', 'Partition': 0, 'FromOffset': %d}";
    read.append(topic, 0, "{}");
    read.fails(
        "Kafka.RecordDeserialization", "Confluent's wire format", readIt.formatted(topic, 0));
    publish.producer.send(new ProducerRecord<>(topic, new byte[] {0, 0, 0, 0, 97, 1})).get();
    read.fails("Kafka.RecordDeserialization", "no such id", readIt.formatted(topic, 1));
    publish.producer.send(new ProducerRecord<>(topic, new byte[] {0, 0, 0, 0, 7, 1})).get();
    read.fails(
        "Kafka.RecordDeserialization", "not of its schema, id 7", readIt.formatted(topic, 2));
    away = true;
    publish.producer.send(new ProducerRecord<>(topic, new byte[] {0, 0, 0, 0, 96, 1})).get();
    read.fails("Kafka.SchemaRegistry", "HTTP 503", readIt.formatted(topic, 3));
  }

  @Test
  void shouldNeedARegistryAndNotTellItsPassword() {
    String topic = kafka.createTopic("none", 1);
    Map<String, String> settings =
        Map.of(
            "stepstream.worker.kafka.bare.bootstrap-servers", kafka.bootstrapServers(),
            "stepstream.worker.kafka.wrong.bootstrap-servers", kafka.bootstrapServers(),
            "stepstream.worker.kafka.wrong.schema-registry-url", "ftp://user:hunter2@x");
    String call = "{'Connection': '%s', 'Topic': '%s', 'Value': 1, 'ValueFormat': 'AVRO'}";
    try (KafkaTasks tasks = new KafkaTasks(kafka, settings, KafkaPublishHandler::new)) {
      tasks.fails(
          "Kafka.Config",
          "set stepstream.worker.kafka.bare.schema-registry-url",
          call.formatted("bare", topic));
      tasks.fails(
          "Kafka.Config",
          "stepstream.worker.kafka.wrong.schema-registry-url has no usable URL: http(s)://[user:"
              + "password@]host[:port][/path].",
          call.formatted("wrong", topic));
      tasks.fails(
          "Kafka.Serialization",
          "no schema registry is configured",
          call.formatted("default", topic));
    }
  }
}
