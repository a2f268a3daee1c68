package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.TestDefinitions;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.trigger.InMemoryTriggerCluster;
import io.stepstream.schemas.Lane;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class TriggersHttpTest {

  private static final String MACHINE =
      "arn:aws:states:us-east-1:000000000000:stateMachine:triggered";

  @TestHTTPResource("/api/triggers")
  URI endpoint;

  @Inject DefinedResources resources;
  @Inject InMemoryTriggerCluster cluster;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String name = "t-" + UUID.randomUUID();

  @BeforeEach
  void prepare() throws Exception {
    cluster.create("orders", 12L, 30L);
    cluster.create("stepstream.completions", 0L);
    resources
        .machines()
        .create(
            new CreateRequest(
                MACHINE,
                "triggered",
                Lane.STANDARD,
                "arn:aws:iam::111111111111:role/r",
                TestDefinitions.PASS.getBytes(UTF_8),
                MachineConfiguration.of(JsonNodeFactory.instance.objectNode()),
                List.of(),
                null))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void disconnect() throws Exception {
    cluster.failWith(null);
    for (JsonNode trigger : json(send("GET", "", null)).path("triggers")) {
      send("DELETE", "/" + trigger.path("name").asText(), null);
    }
    http.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(method, path, body, "application/json");
  }

  private HttpResponse<String> send(String method, String path, String body, String type)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (type != null) {
      request.header("Content-Type", type);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode json(HttpResponse<String> answer) throws Exception {
    return mapper.readTree(answer.body());
  }

  private ObjectNode wanted() {
    return mapper
        .createObjectNode()
        .put("name", name)
        .put("topic", "orders")
        .put("stateMachineArn", MACHINE);
  }

  private HttpResponse<String> create(ObjectNode trigger) throws Exception {
    return send("POST", "", trigger.toString());
  }

  @Test
  void shouldCreateShowListAndDelete() throws Exception {
    ObjectNode wanted =
        wanted()
            .put("format", "string")
            .put("filter", "{% $states.input != '' %}")
            .put("executionName", "{% $states.context.Trigger.Key %}");
    wanted.putObject("input").put("text", "{% $states.input %}");

    HttpResponse<String> created = create(wanted);

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    JsonNode shown = json(created);
    for (var member : wanted.properties()) {
      assertThat(shown.path(member.getKey())).isEqualTo(member.getValue());
    }
    assertThat(shown.path("state").asText()).isEqualTo("RUNNING");
    // It begins at the topic's end, as it was told to by default.
    assertThat(shown.at("/partitions/0/offset").asInt()).isEqualTo(12);
    assertThat(shown.path("lag").asInt()).isZero();
    assertThat(create(wanted).statusCode()).as("again").isEqualTo(201);
    assertThat(json(send("GET", "/" + name, null))).isEqualTo(shown);
    assertThat(json(send("GET", "", null)).path("triggers")).contains(shown);

    assertThat(create(wanted.put("format", "bytes")).statusCode()).isEqualTo(409);
    assertThat(send("DELETE", "/" + name, null).statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/" + name, null).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/" + name, null).statusCode()).isEqualTo(404);
    assertThat(send("PUT", "/" + name + "/pause", null).statusCode()).isEqualTo(404);
    assertThat(send("PATCH", "/" + name, "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldBeginAtTheFirstRecordIfTold() throws Exception {
    JsonNode shown = json(create(wanted().put("from", "earliest")));

    assertThat(shown.path("lag").asInt()).isEqualTo(12);
  }

  @Test
  void shouldPauseAndResume() throws Exception {
    create(wanted());

    JsonNode paused = json(send("PUT", "/" + name + "/pause", null));
    assertThat(paused.path("state").asText()).isEqualTo("PAUSED");
    assertThat(send("PUT", "/" + name + "/pause", null).statusCode()).isEqualTo(200);
    assertThat(json(send("PUT", "/" + name + "/resume", null)).path("state").asText())
        .isEqualTo("RUNNING");
    assertThat(json(create(wanted().put("name", name + "2").put("paused", true))).path("state"))
        .hasToString("\"PAUSED\"");
  }

  @Test
  void shouldTellWhenTheTopicIsGone() throws Exception {
    cluster.create("fleeting", 0L);
    create(wanted().put("topic", "fleeting"));
    cluster.delete("fleeting");

    JsonNode shown = json(send("GET", "/" + name, null));
    assertThat(shown.path("state").asText()).isEqualTo("TOPIC_MISSING");
    assertThat(shown.has("lag")).isFalse();
  }

  @Test
  void shouldChangeWhatAPatchNames() throws Exception {
    ObjectNode wanted = wanted().put("filter", "{% true %}");
    wanted.putObject("input").put("a", 1).put("b", 2);
    create(wanted);

    JsonNode patched =
        json(
            send(
                "PATCH",
                "/" + name,
                "{\"filter\": null, \"input\": {\"b\": null, \"c\": [3]}}",
                "application/merge-patch+json"));

    assertThat(patched.has("filter")).isFalse();
    assertThat(patched.path("input")).isEqualTo(mapper.readTree("{\"a\": 1, \"c\": [3]}"));
    assertThat(patched.path("topic").asText()).isEqualTo("orders");
    HttpResponse<String> refused = send("PATCH", "/" + name, "{\"topic\": \"other\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).at("/where/parameter").asText()).isEqualTo("topic");
    assertThat(send("PATCH", "/" + name, "{\"filter\": \"{% ( %}\"}").statusCode()).isEqualTo(400);
    assertThat(json(send("GET", "/" + name, null))).isEqualTo(patched);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name            | \"a b\"                           | letters",
        "name            | null                              | missing",
        "topic           | \"nowhere\"                       | no topic",
        "topic           | \"a b\"                           | no topics of this name",
        "topic           | \"stepstream.history\"            | internal",
        "topic           | \"stepstream.start-execution\"    | internal",
        "topic           | \"stepstream-standard-timers-changelog\" | internal",
        "topic           | \"__consumer_offsets\"            | internal",
        "stateMachineArn | \"arn:aws:states:us-east-1:000000000000:stateMachine:none\" | no state"
            + " machine",
        "filter          | \"$states.input\"                 | {%",
        "filter          | true                              | no string",
        "filter          | \"{% $missing %}\"                | $missing",
        "input           | [\"{% ( %}\"]                     | input",
        "executionName   | \"constant\"                      | {%",
        "format          | \"xml\"                           | xml",
        "format          | \"avro\"                          | schema registry",
        "from            | \"yesterday\"                     | yesterday",
        "paused          | \"yes\"                           | boolean",
        "surprise        | 1                                 | surprise",
      })
  void shouldRefuseWhatCannotWork(String member, String value, String told) throws Exception {
    ObjectNode wanted = wanted();
    wanted.set(member, mapper.readTree(value));

    HttpResponse<String> refused = create(wanted);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    JsonNode problem = json(refused);
    assertThat(problem.at("/where/parameter").asText()).isEqualTo(member);
    assertThat(problem.path("detail").asText() + problem.path("mend").asText()).contains(told);
    assertThat(problem.path("mend").asText()).isNotEmpty();
  }

  @Test
  void shouldTakeCompletionsWithAFilterOnly() throws Exception {
    ObjectNode chained = wanted().put("topic", "stepstream.completions");

    assertThat(json(create(chained)).at("/where/parameter").asText()).isEqualTo("filter");
    chained.put("filter", "{% $states.input.name = 'first' %}");
    assertThat(json(create(chained.deepCopy().put("format", "json"))).at("/where/parameter"))
        .hasToString("\"format\"");
    HttpResponse<String> created = create(chained);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(json(created).has("format")).isFalse();
    assertThat(send("PATCH", "/" + name, "{\"filter\": null}").statusCode()).isEqualTo(400);
  }

  @Test
  void shouldTakeNoBodyThatABrowserSendsUnasked() throws Exception {
    for (String type : new String[] {null, "text/plain", "application/x-www-form-urlencoded"}) {
      assertThat(send("POST", "", wanted().toString(), type).statusCode()).isEqualTo(415);
    }
    for (String body : List.of("", "[]", "{", "{} {}", "{\"name\": 1, \"name\": 2}")) {
      assertThat(send("POST", "", body).statusCode()).as(body).isEqualTo(400);
    }
  }

  @Test
  void shouldRefuseMoreTriggersThanThereMayBe() throws Exception {
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i <= 100; i++) {
      answers.add(create(wanted().put("name", name + i)).statusCode());
    }
    assertThat(answers.subList(0, 100)).containsOnly(201);
    assertThat(answers.getLast()).isEqualTo(409);
  }

  @Test
  void shouldSayWhenKafkaCannotTell() throws Exception {
    create(wanted());
    cluster.failWith(new Unavailable("away", Duration.ofSeconds(1)));

    for (HttpResponse<String> answer :
        List.of(
            create(wanted().put("name", name + "2")),
            send("GET", "", null),
            send("GET", "/" + name, null))) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }
  }
}
