package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.bulk.InMemoryBulk;
import io.stepstream.coordinator.cluster.InMemoryCluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.deadletter.InMemoryDeadLetters;
import io.stepstream.coordinator.deadletter.LetterId;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.TestDefinitions;
import io.stepstream.coordinator.index.SearchableExecutions;
import io.stepstream.coordinator.queue.InMemoryQueues;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import io.stepstream.coordinator.trigger.InMemoryTriggerCluster;
import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkKind;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.DeadLetter;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The description is written by hand: here it meets the routes, and the answers meet it. */
@QuarkusTest
class OpenApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TestHTTPResource("/")
  URI endpoint;

  @Inject Router router;
  @Inject SearchableExecutions executions;
  @Inject DefinedResources resources;
  @Inject InMemoryTriggerCluster triggers;
  @Inject InMemoryQueues queues;
  @Inject InMemoryDeadLetters letters;
  @Inject InMemoryCluster cluster;
  @Inject InMemoryBulk bulk;

  private final ObjectMapper json = new ObjectMapper();

  private @Nullable JsonNode document;

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(endpoint.resolve(path)).timeout(PATIENCE).build(),
          BodyHandlers.ofString());
    }
  }

  /** Asked for once: every reference in it leads here. */
  private JsonNode document() throws Exception {
    if (document == null) {
      document = json.readTree(get("/api/openapi").body());
    }
    return document;
  }

  @Test
  void shouldDescribeEveryRoute() throws Exception {
    Set<String> served = new TreeSet<>();
    router.getRoutes().stream()
        .map(route -> route.getPath())
        .filter(path -> path != null && path.startsWith("/api/"))
        .map(path -> path.replaceAll(":(\\w+)", "{$1}"))
        .forEach(served::add);
    try (InputStream in =
        EventRoutes.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .toURI()
            .resolve("META-INF/jandex.idx")
            .toURL()
            .openStream()) {
      for (AnnotationInstance path :
          new IndexReader(in).read().getAnnotations(DotName.createSimple("jakarta.ws.rs.Path"))) {
        if (path.value().asString().startsWith("/api")) {
          served.add(path.value().asString());
        }
      }
    }

    Set<String> described = new TreeSet<>();
    document().path("paths").fieldNames().forEachRemaining(described::add);

    assertThat(served).contains("/api/executions", EventRoutes.ALL);
    assertThat(described).isEqualTo(served);
  }

  @Test
  void shouldAnswerAsDescribed() throws Exception {
    String id = UUID.randomUUID().toString();
    executions.run(id, "[" + "1,".repeat(300) + "1]");
    executions.end(id, ExecutionStatus.FAILED, null, "E", "why");
    triggers.create("described", 5L);
    createTrigger("described");
    queues.put(
        new TaskQueue(
            "described",
            new QueueLimits(3, 0.5, true),
            InMemoryQueues.LIMITED_AT,
            7L,
            List.of("worker"),
            List.of(new TaskQueue.Pool("pool", List.of("f"), "1", InMemoryQueues.LIMITED_AT))));

    var record =
        new ConsumerRecord<>("orders", 0, 1L, "key".getBytes(UTF_8), "value".getBytes(UTF_8));
    record.headers().add("trace", "abc".getBytes(UTF_8));
    letters.put(DeadLetter.of(record, "worker", "broken"), 1);
    String letter = letters.put(DeadLetter.of(record, "worker", "broken"), 2);
    letters.discard(List.of(LetterId.parse(letter).orElseThrow()));

    cluster.with(
        Set.of("no.such.invalid:1"), List.of(new InputLag("standard lane", "peer-0", 1, 0)));

    String operation =
        bulk.create(
                new BulkOperations.Wish(
                    BulkKind.STOP,
                    new BulkFilter(
                        "a",
                        "m",
                        "n",
                        "E",
                        List.of(ExecutionStatus.RUNNING),
                        Instant.EPOCH,
                        null,
                        null,
                        Instant.EPOCH),
                    List.of(),
                    "E",
                    "why"))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .orElseThrow()
            .operation()
            .getOperationId();
    bulk.fail(operation, "arn:aws:states:us-east-1:1:execution:m:e", "There is no such execution");

    for (String path :
        List.of(
            "/api/info",
            "/api/session",
            "/api/login",
            "/api/executions?limit=1",
            "/api/executions?namePrefix=" + id,
            "/api/executions?q=(",
            "/api/executions?limit=x",
            "/api/events?status=x",
            "/api/triggers",
            "/api/triggers/described",
            "/api/triggers/unknown",
            "/api/bulk-operations",
            "/api/bulk-operations/" + operation,
            "/api/bulk-operations/none",
            "/api/nodes",
            "/api/nodes?local=true",
            "/api/nodes?local=x",
            "/api/metrics/executions?from=2026-09-01&to=2026-09-02",
            "/api/metrics/executions?buckets=x",
            "/api/queues",
            "/api/queues/described",
            "/api/queues/unheard-of",
            "/api/queues?limit=1",
            "/api/queues?limit=x",
            "/api/dead-letters?state=all",
            "/api/dead-letters?state=x",
            "/api/dead-letters?limit=1",
            "/api/dead-letters/" + letter,
            "/api/dead-letters/none",
            "/api/executions/x/events",
            "/api/executions/arn:aws:states:us-east-1:1:execution:m:unknown/events")) {
      HttpResponse<String> answer = get(path);
      String route =
          path.replaceAll("\\?.*", "")
              .replaceAll("executions/.*/events", "executions/{arn}/events")
              .replaceAll("triggers/.*", "triggers/{name}")
              .replaceAll("queues/.*", "queues/{queue}")
              .replaceAll("bulk-operations/.*", "bulk-operations/{id}")
              .replaceAll("dead-letters/.*", "dead-letters/{id}");
      JsonNode described =
          resolved(
              document()
                  .path("paths")
                  .path(route)
                  .path("get")
                  .path("responses")
                  .path(Integer.toString(answer.statusCode())));
      String type = answer.headers().firstValue("content-type").orElseThrow().split(";")[0];
      assertThat(described.path("content").has(type)).as(path + " " + type).isTrue();
      assertThat(
              faults(
                  "",
                  described.path("content").path(type).path("schema"),
                  json.readTree(answer.body())))
          .as(path)
          .isEmpty();
    }
  }

  @Test
  void shouldAnswerSimulationsAsDescribed() throws Exception {
    String definition =
        """
        {"StartAt": "Many", "States": {
          "Many": {"Type": "Map", "Next": "T", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}},
          "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}
        """;
    for (String mocks : List.of("{}", "{\"T\": [{\"error\": \"E\"}]}", "{\"Many\": []}")) {
      String request =
          json.createObjectNode()
              .put("definition", definition)
              .<ObjectNode>set("input", json.readTree("[1]"))
              .set("mocks", json.readTree(mocks))
              .toString();
      HttpResponse<String> answer;
      try (HttpClient http = HttpClient.newHttpClient()) {
        answer =
            http.send(
                HttpRequest.newBuilder(endpoint.resolve("/api/simulations"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(request))
                    .build(),
                BodyHandlers.ofString());
      }
      JsonNode described =
          resolved(
              document()
                  .at("/paths/~1api~1simulations/post/responses")
                  .path(Integer.toString(answer.statusCode())));
      String type = answer.headers().firstValue("content-type").orElseThrow().split(";")[0];
      assertThat(
              faults(
                  "",
                  described.path("content").path(type).path("schema"),
                  json.readTree(answer.body())))
          .as(mocks)
          .isEmpty();
    }
  }

  private void createTrigger(String name) throws Exception {
    String machine = "arn:aws:states:us-east-1:000000000000:stateMachine:" + name;
    resources
        .machines()
        .create(
            new CreateRequest(
                machine,
                name,
                Lane.STANDARD,
                "arn:aws:iam::111111111111:role/r",
                TestDefinitions.PASS.getBytes(UTF_8),
                MachineConfiguration.of(JsonNodeFactory.instance.objectNode()),
                List.of(),
                null))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    resources
        .triggers()
        .create(
            new TopicTrigger(
                name,
                "id",
                name,
                machine,
                TriggerFormat.JSON,
                null,
                Payloads.of("{\"a\": 1}".getBytes(UTF_8)),
                null,
                List.of(2L),
                false,
                Instant.EPOCH,
                Instant.EPOCH))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private JsonNode resolved(JsonNode node) throws Exception {
    return node.has("$ref") ? document().at(node.path("$ref").asText().substring(1)) : node;
  }

  /** By the few keywords that the document uses. */
  private List<String> faults(String where, JsonNode reference, JsonNode value) throws Exception {
    JsonNode schema = resolved(reference);
    List<String> faults = new ArrayList<>();
    if (schema.isObject() && !schema.has("type")) {
      return faults; // any JSON
    }
    boolean fits =
        switch (schema.path("type").asText()) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> false;
        };
    if (!fits) {
      faults.add(where + " is no " + schema.path("type"));
    }
    if (schema.has("enum") && !contains(schema.path("enum"), value)) {
      faults.add(where + " is none of " + schema.path("enum"));
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        faults.add(where + " lacks " + required);
      }
    }
    for (var member : value.properties()) {
      JsonNode described = schema.path("properties").path(member.getKey());
      if (described.isMissingNode()) {
        faults.add(where + '/' + member.getKey() + " is not described");
      } else {
        faults.addAll(faults(where + '/' + member.getKey(), described, member.getValue()));
      }
    }
    if (value.isArray()) {
      for (JsonNode element : value) {
        faults.addAll(faults(where + "/*", schema.path("items"), element));
      }
    }
    return faults;
  }

  private static boolean contains(JsonNode array, JsonNode value) {
    for (JsonNode element : array) {
      if (element.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
