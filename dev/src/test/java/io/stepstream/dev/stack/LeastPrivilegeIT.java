package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.acl.Component;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every component under a principal of its own that may do exactly what the table of {@link
 * Component} allows, at a broker that refuses all else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeastPrivilegeIT {

  private static final String ADMIN = "admin";
  private static final String PASSWORD = "only-for-this-test";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String TASK =
      """
      {"StartAt":"T","QueryLanguage":"JSONata","States":{"T":{"Type":"Task",\
      "Resource":"arn:aws:states:::lambda:invoke",\
      "Arguments":{"FunctionName":"double","Payload":"{% $states.input %}"},\
      "Output":"{% $states.result.Payload %}","TimeoutSeconds":60,"End":true}}}\
      """;

  private Path keystore;
  private EmbeddedBroker broker;
  private Node node;
  private StepstreamWorker worker;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    keystore = certificate(directory);
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(directory.resolve("kafka"), 0, 0, brokerProperties()));
    try (Admin admin = Admin.create(client(ADMIN))) {
      List<AclBinding> table =
          Arrays.stream(Component.values())
              .flatMap(component -> bindings(component).stream())
              .toList();
      admin.createAcls(table).all().get();
    }
    Map<String, String> environment = new HashMap<>();
    login(Component.COORDINATOR.defaultUser())
        .forEach(
            (key, value) ->
                environment.put(
                    "STEPSTREAM_KAFKA_CLIENT_" + key.replace('.', '_').toUpperCase(Locale.ROOT),
                    value));
    node = new Node(directory, "a", broker.bootstrapServers(), environment);
    node.awaitReady();
    worker =
        StepstreamWorker.builder()
            .bootstrapServers(broker.bootstrapServers())
            .clientProperties(login(Component.WORKER.defaultUser()))
            .queues("lambda")
            .function("double", (JsonNode input) -> IntNode.valueOf(2 * input.path("n").asInt()))
            .build()
            .start();
  }

  private static List<AclBinding> bindings(Component component) {
    return component.grants().stream()
        .flatMap(grant -> grant.bindings("User:" + component.defaultUser()).stream())
        .toList();
  }

  @AfterAll
  void stop() {
    worker.close();
    node.close();
    broker.close();
  }

  @Test
  void shouldRunWithWhatTheTableAllows() throws Exception {
    String standard = machine("standard", "STANDARD");
    String express = machine("express", "EXPRESS");
    Awaitility.await("the worker serves")
        .atMost(PATIENCE)
        .until(() -> worker.isReady() && get("/api/queues").contains("\"lambda\""));

    String arn =
        node.call(
                "StartExecution",
                request()
                    .put("stateMachineArn", standard)
                    .put("name", "one")
                    .put("input", input(1)))
            .path("executionArn")
            .asText();
    assertThat(ends(arn).path("output").asText()).isEqualTo("2");
    assertThat(
            node.call(
                    "StartSyncExecution",
                    request().put("stateMachineArn", express).put("input", input(2)))
                .path("output")
                .asText())
        .isEqualTo("4");

    publish(standard, "by-record", input(3));
    assertThat(completion("by-record")).contains("6");

    // limits, backlog and letters: what the API asks Kafka for beside executions
    assertThat(send("PUT", "/api/queues/lambda", "{\"maxConcurrency\":7}").statusCode())
        .isEqualTo(200);
    Awaitility.await("the backlog is told")
        .atMost(PATIENCE)
        .until(() -> get("/api/queues/lambda").contains("\"maxConcurrency\":7"));
    assertThat(send("GET", "/api/dead-letters", null).statusCode()).isEqualTo(200);

    assertThat(node.log()).doesNotContainIgnoringCase("authoriz");
  }

  @Test
  void shouldRefuseAllElse() {
    Stream.of(
            LaneTopics.of(Lane.STANDARD).history(),
            LaneTopics.of(Lane.STANDARD).peer(),
            Topics.DEFINITIONS,
            Topics.QUEUES,
            Topics.COMPLETIONS,
            Topics.START_EXECUTION)
        .forEach(topic -> assertWriteRefused(Component.WORKER, topic));
    Stream.of(LaneTopics.of(Lane.STANDARD).inbox(), Topics.tasks("lambda"), Topics.DLQ)
        .forEach(
            topic -> {
              assertWriteRefused(Component.STARTER, topic);
              assertWriteRefused(Component.SUBSCRIBER, topic);
            });
    Stream.of(LaneTopics.of(Lane.STANDARD).history(), Topics.COMPLETIONS)
        .forEach(topic -> assertReadRefused(Component.WORKER, topic));
    assertReadRefused(Component.STARTER, Topics.COMPLETIONS);
    assertReadRefused(Component.SUBSCRIBER, Topics.tasks("lambda"));
  }

  private void assertWriteRefused(Component component, String topic) {
    try (KafkaProducer<byte[], byte[]> producer = producer(component)) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, new byte[] {1})).get())
          .as("%s writes %s", component, topic)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(TopicAuthorizationException.class),
              e ->
                  assertThat(e)
                      .isInstanceOf(ExecutionException.class)
                      .hasCauseInstanceOf(TopicAuthorizationException.class));
    }
  }

  private void assertReadRefused(Component component, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(component)) {
      assertThatThrownBy(() -> consumer.partitionsFor(topic))
          .as("%s reads %s", component, topic)
          .isInstanceOf(TopicAuthorizationException.class);
    }
  }

  private String machine(String name, String type) throws Exception {
    return node.call(
            "CreateStateMachine",
            request()
                .put("name", name)
                .put("type", type)
                .put("roleArn", "arn:aws:iam::123456789012:role/any")
                .put("definition", TASK))
        .path("stateMachineArn")
        .asText();
  }

  private JsonNode ends(String arn) throws Exception {
    return Awaitility.await(arn + " ends")
        .atMost(PATIENCE)
        .until(() -> node.describe(arn), it -> !it.path("status").asText().equals("RUNNING"));
  }

  private void publish(String machine, String name, String input) throws Exception {
    WireCodec<StartExecution> codec =
        WireCodec.forTopic(StartExecution.class, Topics.START_EXECUTION, SchemaRegistry.bundled());
    StartExecution start =
        StartExecution.newBuilder()
            .setStateMachineArn(machine)
            .setName(name)
            .setInput(Payloads.of(input))
            .build();
    try (KafkaProducer<byte[], byte[]> producer = producer(Component.STARTER)) {
      producer.send(new ProducerRecord<>(Topics.START_EXECUTION, codec.encode(start))).get();
    }
  }

  /** What a subscriber reads of the execution's end. */
  private String completion(String name) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(Component.SUBSCRIBER)) {
      consumer.subscribe(List.of(Topics.COMPLETIONS));
      return Awaitility.await("the completion of " + name)
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(
              () -> {
                StringBuilder found = new StringBuilder();
                consumer
                    .poll(Duration.ofMillis(500))
                    .forEach(
                        record -> {
                          if (new String(record.key(), UTF_8).endsWith(":" + name)) {
                            found.append(new String(record.value(), UTF_8));
                          }
                        });
                return found.toString();
              },
              text -> !text.isEmpty());
    }
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(node.uri(path))
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private String get(String path) throws Exception {
    return send("GET", path, null).body();
  }

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  private static String input(int n) {
    return "{\"n\":" + n + "}";
  }

  private KafkaProducer<byte[], byte[]> producer(Component component) {
    return new KafkaProducer<>(
        client(component.defaultUser()), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private KafkaConsumer<byte[], byte[]> consumer(Component component) {
    Map<String, Object> config = new HashMap<>(client(component.defaultUser()));
    config.put("group.id", "stepstream-subscriber-test");
    config.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> client(String user) {
    Map<String, Object> config = new HashMap<>(login(user));
    config.put("bootstrap.servers", broker.bootstrapServers());
    return config;
  }

  /** A key of 127.0.0.1 which its own certificate vouches for; clients trust the same file. */
  private static Path certificate(Path directory) throws Exception {
    Path file = directory.resolve("kafka.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "kafka",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return file;
  }

  private Map<String, String> login(String user) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        keystore.toString(),
        "ssl.truststore.password",
        PASSWORD,
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s-secret\";"
            .formatted(user, user));
  }

  /** Clients log in; broker and controller, which are one process, are trusted. */
  private Map<String, String> brokerProperties() {
    StringBuilder users =
        new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required")
            .append(" username=\"admin\" password=\"admin-secret\" user_admin=\"admin-secret\"");
    for (Component component : Component.values()) {
      users.append(
          " user_%s=\"%s-secret\"".formatted(component.defaultUser(), component.defaultUser()));
    }
    Map<String, String> properties = new HashMap<>();
    properties.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT");
    for (String store : List.of("keystore", "truststore")) {
      properties.put("ssl." + store + ".type", "PKCS12");
      properties.put("ssl." + store + ".location", keystore.toString());
      properties.put("ssl." + store + ".password", PASSWORD);
    }
    properties.put("ssl.key.password", PASSWORD);
    properties.put("sasl.enabled.mechanisms", "PLAIN");
    properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    properties.put("listener.name.client.plain.sasl.jaas.config", users.append(';').toString());
    properties.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    properties.put("allow.everyone.if.no.acl.found", "false");
    return properties;
  }
}
