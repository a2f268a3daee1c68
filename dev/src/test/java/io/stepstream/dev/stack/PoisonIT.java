package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is on a topic that is consumed, nothing restarts and the next execution runs. */
final class PoisonIT {

  private static final byte[] GARBAGE = "not a record at all".getBytes(StandardCharsets.UTF_8);

  /** Confluent's wire format with an id that no schema has. */
  private static final byte[] UNKNOWN_SCHEMA = {0, 0x7f, 0x7f, 0x7f, 0x7f, 2, 4, 6};

  private static final String NOWHERE = "arn:aws:states:us-east-1:000000000000:execution:no:where";

  @Test
  void shouldPutEveryPoisonAsideAndGoOn(@TempDir Path directory) throws Exception {
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint())) {
      // given a stack that works
      String machine = machine(client, "quote");
      assertThat(runs(client, machine, "before")).isEqualTo("SUCCEEDED");

      // when each consumed topic gets garbage, an unknown schema, and a record that nobody can have
      // meant
      Map<String, byte[]> impossible = impossible();
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", dev.bootstrapServers()),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (Map.Entry<String, byte[]> topic : impossible.entrySet()) {
          for (byte[] poison : List.of(GARBAGE, UNKNOWN_SCHEMA, topic.getValue())) {
            producer
                .send(
                    new ProducerRecord<>(
                        topic.getKey(), 0, "poison".getBytes(StandardCharsets.UTF_8), poison))
                .get();
          }
        }
      }

      // then each lies among the dead letters, with its bytes and a reason
      Map<String, List<ConsumerRecord<byte[], byte[]>>> letters =
          deadLetters(dev.bootstrapServers(), impossible.size() * 3);
      for (Map.Entry<String, byte[]> topic : impossible.entrySet()) {
        assertThat(letters.get(topic.getKey()))
            .as("dead letters of %s", topic.getKey())
            .extracting(ConsumerRecord::value)
            .containsExactlyInAnyOrder(GARBAGE, UNKNOWN_SCHEMA, topic.getValue());
        assertThat(letters.get(topic.getKey()))
            .allSatisfy(letter -> assertThat(header(letter, DeadLetter.REASON)).isNotBlank());
      }

      // and the next executions run, in the same process
      assertThat(runs(client, machine, "after")).isEqualTo("SUCCEEDED");

      // and what is mended is redriven, once
      shouldRedriveAStartWhoseMachineHasComeToBe(dev, client, machine.replace("quote", "later"));
      assertThat(dev.err()).doesNotContain("is replaced").doesNotContain("Exception");
    }
  }

  private static void shouldRedriveAStartWhoseMachineHasComeToBe(
      StepstreamProcess dev, StepFunctionsClient client, String missing) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", dev.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] start =
          encoded(
              Topics.START_EXECUTION,
              new StartExecution(
                  missing, "redriven", Payloads.of("{\"product\":\"p\",\"quantity\":1}"), null));
      producer.send(new ProducerRecord<>(Topics.START_EXECUTION, start)).get();
    }
    String query = "/api/dead-letters?topic=" + Topics.START_EXECUTION;
    JsonNode letter =
        Awaitility.await("the letter is listed")
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> ask(dev, "GET", query, null).path("deadLetters").path(0),
                newest -> newest.path("value").path("text").asText().contains("later"));
    String id = letter.path("id").asText();
    assertThat(letter.path("component").asText()).isEqualTo("coordinator");
    assertThat(letter.path("reason").asText()).isNotBlank();
    assertThat(letter.path("state").asText()).isEqualTo("open");
    assertThat(ask(dev, "GET", "/api/dead-letters/" + id, null).path("source"))
        .isEqualTo(letter.path("source"));

    assertThat(machine(client, "later")).isEqualTo(missing);
    String these = "{\"ids\":[\"%s\"]}".formatted(id);
    assertThat(outcome(ask(dev, "POST", "/api/dead-letters/redrive", these))).isEqualTo("REDRIVEN");
    assertThat(outcome(ask(dev, "POST", "/api/dead-letters/redrive", these)))
        .isEqualTo("ALREADY_REDRIVEN");

    assertThat(ends(client, missing.replace(":stateMachine:", ":execution:") + ":redriven"))
        .isEqualTo("SUCCEEDED");
    assertThat(ask(dev, "GET", query, null).path("deadLetters").findValuesAsText("id"))
        .hasSize(3)
        .doesNotContain(id);
    assertThat(
            ask(dev, "GET", query + "&state=redriven", null)
                .path("deadLetters")
                .findValuesAsText("id"))
        .containsExactly(id);
    String peers = "/api/dead-letters?limit=1&topic=stepstream.std.peer";
    String peer = ask(dev, "GET", peers, null).at("/deadLetters/0/id").asText();
    assertThat(
            outcome(
                ask(
                    dev,
                    "POST",
                    "/api/dead-letters/redrive",
                    "{\"ids\":[\"%s\"]}".formatted(peer))))
        .isEqualTo("REFUSED");
  }

  private static String outcome(JsonNode answer) {
    return answer.at("/outcomes/0/outcome").asText();
  }

  private static JsonNode ask(
      StepstreamProcess dev, String method, String path, @Nullable String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(dev.endpoint().resolve(path))
                  .header("Content-Type", "application/json")
                  .method(
                      method,
                      body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new ObjectMapper().readTree(answer.body());
    }
  }

  private static Map<String, byte[]> impossible() {
    Instant now = Instant.now();
    Envelope elsewhere = new Envelope(NOWHERE, 9, 0L, 0, 0L, null, new InspectExecution(false));
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put(
        Topics.START_EXECUTION,
        encoded(
            Topics.START_EXECUTION,
            new StartExecution(
                "arn:aws:states:x:y:stateMachine:none", null, Payloads.of("{}"), null)));
    for (String topic :
        List.of(
            "stepstream.std.inbox",
            "stepstream.std.peer",
            "stepstream.exp.inbox",
            "stepstream.exp.peer")) {
      records.put(topic, encoded(topic, elsewhere));
    }
    String tasks = Topics.tasks("lambda");
    records.put(
        tasks,
        encoded(
            tasks,
            new TaskOrder(
                Lane.STANDARD,
                NOWHERE,
                "arn:aws:states:us-east-1:000000000000:stateMachine:no",
                "S",
                "arn:aws:lambda:us-east-1:000000000000:function:f",
                "f",
                1L,
                1,
                0,
                now,
                null,
                null,
                "stepstream.std.inbox",
                9999,
                Payloads.of("{}"),
                null,
                null,
                null,
                null)));
    records.put(
        Topics.DEFINITIONS,
        encoded(
            Topics.DEFINITIONS,
            new DefinitionRecord(
                new StateMachineRevision(
                    "arn:aws:states:us-east-1:000000000000:stateMachine:other",
                    "r",
                    "other",
                    Lane.STANDARD,
                    "role",
                    Payloads.of("{}"),
                    now,
                    now,
                    null,
                    true))));
    records.put(
        Topics.WORKERS,
        encoded(
            Topics.WORKERS, new WorkerAnnouncement("pool", "No Queue!", List.of("f"), "1", now)));
    records.put(
        "stepstream.history",
        encoded(
            "stepstream.history",
            new HistoryRecord(
                NOWHERE, "machine", "r", Lane.STANDARD, List.of(), null, null, null)));
    return records;
  }

  private static <T extends SpecificRecordBase> byte[] encoded(String topic, T record) {
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) record.getClass();
    return WireCodec.forTopic(type, topic, SchemaRegistry.bundled()).encode(record);
  }

  private static Map<String, List<ConsumerRecord<byte[], byte[]>>> deadLetters(
      String bootstrapServers, int expected) {
    Map<String, List<ConsumerRecord<byte[], byte[]>>> byTopic = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> letter :
        CommittedRecords.atLeast(bootstrapServers, Topics.DLQ, expected)) {
      byTopic.computeIfAbsent(header(letter, DeadLetter.TOPIC), _ -> new ArrayList<>()).add(letter);
    }
    return byTopic;
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    assertThat(header).as("header %s", name).isNotNull();
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String machine(StepFunctionsClient client, String name) throws Exception {
    return client
        .call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", name)
                .put("roleArn", "arn:aws:iam::123456789012:role/any")
                .put(
                    "definition",
                    """
                    {"StartAt":"Quote","States":{"Quote":{"Type":"Task",
                      "Resource":"arn:aws:lambda:us-east-1:123456789012:function:quote-price","End":true}}}\
                    """))
        .path("stateMachineArn")
        .asText();
  }

  private static String runs(StepFunctionsClient client, String machine, String name)
      throws Exception {
    ObjectNode start =
        StepFunctionsClient.request()
            .put("stateMachineArn", machine)
            .put("name", name)
            .put("input", "{\"product\":\"p\",\"quantity\":1}");
    return ends(client, client.call("StartExecution", start).path("executionArn").asText());
  }

  private static String ends(StepFunctionsClient client, String arn) {
    return Awaitility.await(arn)
        .ignoreExceptionsInstanceOf(ApiError.class)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              JsonNode execution =
                  client.call(
                      "DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
              return execution.path("status").asText();
            },
            status -> !status.equals("RUNNING"));
  }
}
