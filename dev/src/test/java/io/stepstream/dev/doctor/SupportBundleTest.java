package io.stepstream.dev.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.dev.doctor.SupportBundle.Sources;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
final class SupportBundleTest {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Looks like nothing else, and has a character that is written differently in URLs. */
  private static final String CANARY = "cAnAry/0wl+7391";

  private static final Sources NOTHING = new Sources("test", Map.of(), List.of(), List.of());

  private final KafkaFixture kafka;

  @TempDir private Path directory;

  SupportBundleTest(KafkaFixture kafka) {
    this.kafka = kafka;
  }

  private static Map<String, String> bundle(
      Installation installation, Sources sources, Duration longest) throws Exception {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    new SupportBundle(installation, sources, longest).write(written);
    Map<String, String> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(written.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return entries;
  }

  private static Installation installation(
      String servers, Map<String, String> client, String apiKey, URI... endpoints) {
    return new Installation(servers, client, null, List.of(endpoints), apiKey, Path.of("."), null);
  }

  /** The canary as it is, and in whatever else it could be written. */
  private static List<String> disguises() {
    List<String> all = new ArrayList<>();
    all.add(CANARY);
    all.add(URLEncoder.encode(CANARY, UTF_8));
    all.add(HexFormat.of().formatHex(CANARY.getBytes(UTF_8)));
    // Base64 of it within something longer: at each of three places, without the ends that depend
    // on what is around it.
    for (String before : List.of("", "x", "xy")) {
      String encoded = Base64.getEncoder().encodeToString((before + CANARY).getBytes(UTF_8));
      all.add(encoded.substring(before.isEmpty() ? 0 : 4, 16));
    }
    return all;
  }

  private static void assertNoCanary(Map<String, String> entries) {
    for (String disguise : disguises()) {
      entries.forEach(
          (name, content) -> {
            assertThat(name).doesNotContain(disguise);
            assertThat(content).as(name).doesNotContainIgnoringCase(disguise);
          });
    }
  }

  /** Whatever has it: plainly and in other writing. */
  private static String everywhere(String template) {
    return Stream.of(
            CANARY,
            URLEncoder.encode(CANARY, UTF_8),
            Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8)))
        .map(secret -> template.replace("$", secret))
        .reduce("", String::concat);
  }

  @Test
  void shouldTakeNoSecretAlong() throws Exception {
    new TopicProvisioner(kafka.admin(), TopicLayout.singleBroker()).provision();
    ProducerRecord<byte[], byte[]> input =
        new ProducerRecord<>(
            Topics.START_EXECUTION,
            CANARY.getBytes(UTF_8),
            everywhere("{\"input\":\"$\"}").getBytes(UTF_8));
    input.headers().add(CANARY, CANARY.getBytes(UTF_8));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(input).get();
    }
    kafka.createTopic("cAnAry.0wl-7391", 1);
    Path config =
        Files.writeString(
            directory.resolve("application.properties"),
            """
            stepstream.partitions=48
            stepstream.task-tokens.keys=%1$s
            stepstream.http.connections.partner={"password":"%1$s"}
            stepstream.kafka.client.sasl.jaas.config=x username="u" password="%1$s";
            stepstream.kafka.bootstrap.servers=user:%1$s@kafka:9092
            schema.registry.url=http://u:%1$s@registry
            some.other=%1$s
            """
                .formatted(CANARY));
    Path log =
        Files.writeString(
            directory.resolve("node.log"),
            """
            2026-11-27 16:40:31,123 INFO  [io.stepstream.Node] (main) the input was %1$s
            java.lang.IllegalStateException: %1$s
            \tat io.stepstream.Node.run(Node.java:12)
            \tat %1$s
            Caused by: java.io.IOException: Authorization: Bearer %1$s
            {"timestamp":"2026-11-27T16:40:31Z","level":"WARN","loggerName":"io.stepstream.Node","message":"%1$s","mdc":{"k":"%1$s"},"exception":{"exceptionType":"java.io.IOException","message":"%1$s"}}
            %1$s
            """
                .formatted(CANARY));
    try (FakeNode node =
        new FakeNode()
            .with("/q/health/ready", withCanary("\"status\":\"UP\""))
            .with("/api/info", withCanary("\"version\":\"1.2\""))
            .with(
                "/api/nodes",
                withCanary(
                    "\"nodes\":[{\"id\":\"node-a\",\"version\":\"1.2\",\"x\":\"$\"}],"
                        + "\"unreachable\":[{\"address\":\"b:1\",\"reason\":\"$\"}]"))
            .with("/api/queues", withCanary("\"queues\":[{\"queue\":\"lambda\",\"backlog\":7}]"))
            .with(
                "/api/dead-letters",
                withCanary(
                    "\"deadLetters\":[{\"id\":\"0-17\",\"reason\":\"$\",\"key\":{\"text\":\"$\"},"
                        + "\"value\":{\"text\":\"$\"},\"headers\":[{\"name\":\"$\"}]}]"))
            .with("/api/executions", withCanary("\"executions\":[]"))
            .with(
                "/q/metrics",
                everywhere(
                    """
                    # HELP stepstream_x about $
                    stepstream_x{lane="standard",secret="$",queue="lambda"} 3.0
                    other_metric{a="$"} 1.0
                    $
                    """))) {

      Map<String, String> entries =
          bundle(
              installation(
                  kafka.bootstrapServers(),
                  Map.of("sasl.mechanism", "PLAIN", "ssl.key.password", CANARY),
                  CANARY,
                  node.endpoint()),
              new Sources(
                  "test",
                  Map.of(
                      "STEPSTREAM_STATE_DIR",
                      "/state",
                      "STEPSTREAM_TASK_TOKENS_KEYS",
                      CANARY,
                      "STEPSTREAM_API_KEY",
                      CANARY,
                      "AWS_SECRET_ACCESS_KEY",
                      CANARY,
                      CANARY,
                      CANARY),
                  List.of(config),
                  List.of(log)),
              LONGEST);

      assertNoCanary(entries);
      assertThat(json(entries, "manifest.json").findValues("missing")).isEmpty();
      // and what helps is there
      assertThat(json(entries, "endpoint-1/nodes.json").at("/answer/nodes/0/id").asText())
          .isEqualTo("node-a");
      assertThat(json(entries, "endpoint-1/queues.json").at("/answer/queues/0/backlog").asInt())
          .isEqualTo(7);
      assertThat(json(entries, "endpoint-1/dead-letters.json").findValuesAsText("id"))
          .containsExactly("0-17");
      assertThat(entries.get("endpoint-1/metrics.txt"))
          .contains("stepstream_x{lane=\"standard\",secret=\"(withheld)\",queue=\"lambda\"} 3.0")
          .doesNotContain("other_metric");
      assertThat(json(entries, "topics.json").findValuesAsText("topic"))
          .contains(Topics.START_EXECUTION, Topics.DLQ);
      assertThat(json(entries, "topics.json").path("others").asInt()).isPositive();
      assertThat(json(entries, "groups.json").has("groups")).isTrue();
      assertThat(value(entries, "stepstream.state.dir")).isEqualTo("/state");
      assertThat(value(entries, "stepstream.partitions")).isEqualTo("48");
      assertThat(value(entries, "sasl.mechanism")).isEqualTo("PLAIN");
      assertThat(value(entries, "stepstream.task-tokens.keys")).isEqualTo(Kept.WITHHELD);
      assertThat(value(entries, "stepstream.kafka.bootstrap.servers")).isEqualTo(Kept.WITHHELD);
      assertThat(entries.get("log-1.txt"))
          .contains("2026-11-27 16:40:31,123 INFO [io.stepstream.Node] (")
          .contains("java.lang.IllegalStateException\n\tat io.stepstream.Node.run(Node.java:12)\n")
          .contains("2026-11-27T16:40:31Z WARN [io.stepstream.Node]");
      assertThat(json(entries, "findings.json").findValuesAsText("subject"))
          .contains("jdk", "broker", "node");
      assertThat(json(entries, "machine.json").path("processors").asInt()).isPositive();
    }
  }

  private static String withCanary(String members) {
    return "{%s,\"more\":{\"deep\":[\"%s\"]}}".formatted(members, CANARY).replace("$", CANARY);
  }

  private static JsonNode json(Map<String, String> entries, String name) throws Exception {
    assertThat(entries).containsKey(name);
    return new ObjectMapper().readTree(entries.get(name));
  }

  private static String value(Map<String, String> entries, String key) throws Exception {
    for (JsonNode setting : json(entries, "configuration.json")) {
      if (setting.path("key").asText().equals(key)) {
        return setting.path("value").asText();
      }
    }
    return "";
  }

  @Test
  void shouldBeMadeWhenNothingAnswers() throws Exception {
    URI nobody = URI.create("http://user:pass@127.0.0.1:" + LoopbackPorts.free());

    Map<String, String> entries =
        bundle(
            installation("127.0.0.1:" + LoopbackPorts.free(), Map.of(), "key", nobody),
            new Sources("test", Map.of(), List.of(), List.of(directory.resolve("no.log"))),
            LONGEST);

    assertThat(json(entries, "manifest.json").path("parts"))
        .filteredOn(part -> part.has("missing"))
        .extracting(part -> part.path("part").asText())
        .contains("topics.json", "groups.json", "endpoint-1/nodes.json", "log-1.txt");
    assertThat(json(entries, "findings.json").findValuesAsText("runbook"))
        .contains(Runbook.NODE_DOWN.page());
    assertThat(entries.values()).noneMatch(content -> content.contains("pass@"));
  }

  @Test
  void shouldBeBoundedWhateverANodeAnswers() throws Exception {
    String metric = "stepstream_x{lane=\"standard\"} 1.0\n";
    try (FakeNode node =
        new FakeNode()
            .with("/q/metrics", metric.repeat(3 * SupportBundle.LONGEST_PART / metric.length()))
            .with(
                "/api/nodes",
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  exchange.getResponseBody().write('{');
                  exchange.getResponseBody().flush();
                  try {
                    Thread.sleep(Duration.ofHours(1)); // interrupted when the node is closed
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                })) {
      long begin = System.nanoTime();

      Map<String, String> entries =
          bundle(
              installation(null, Map.of(), null, node.endpoint()), NOTHING, Duration.ofSeconds(8));

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
      assertThat(entries.get("endpoint-1/metrics.txt")).hasSize(SupportBundle.LONGEST_PART);
      assertThat(json(entries, "manifest.json").path("parts"))
          .anySatisfy(
              part -> {
                assertThat(part.path("part").asText()).isEqualTo("endpoint-1/nodes.json");
                assertThat(part.path("missing").asText()).isEqualTo("not in time");
              })
          .anySatisfy(
              part -> {
                assertThat(part.path("part").asText()).isEqualTo("endpoint-1/metrics.txt");
                assertThat(part.path("cut").asBoolean()).isTrue();
              });
    }
  }
}
