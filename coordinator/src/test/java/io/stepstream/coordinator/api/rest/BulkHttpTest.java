package io.stepstream.coordinator.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.bulk.InMemoryBulk;
import io.stepstream.coordinator.execution.Unavailable;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class BulkHttpTest {

  private static final String ARN = "arn:aws:states:us-east-1:111111111111:execution:m:e";

  @TestHTTPResource("/api/bulk-operations")
  URI endpoint;

  @Inject InMemoryBulk bulk;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void disconnect() throws Exception {
    bulk.failWith(null);
    // The others need room for their own.
    for (JsonNode one : json(get("")).path("bulkOperations")) {
      bulk.fail(one.path("id").asText(), ARN, "over");
    }
    http.close();
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request) throws Exception {
    return http.send(request.uri(URI.create(endpoint + path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(path, HttpRequest.newBuilder());
  }

  private HttpResponse<String> post(String type, String body) throws Exception {
    return send(
        "",
        HttpRequest.newBuilder().header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> post(String body) throws Exception {
    return post("application/json", body);
  }

  private HttpResponse<String> cancel(String id) throws Exception {
    return send("/" + id + "/cancel", HttpRequest.newBuilder().PUT(BodyPublishers.noBody()));
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void shouldMakeAnOperationAndTellHowFarItIs() throws Exception {
    HttpResponse<String> made =
        post(
            """
            {"kind": "stop", "cause": "not needed",
             "filter": {"machine": "m", "status": ["RUNNING"], "startedAfter": "2026-01-01", "q": "input.a:1"}}
            """);

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().firstValue("cache-control")).hasValue("no-store");
    String id = json(made).path("id").asText();
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"id": "%s", "kind": "stop", "cause": "not needed", "creationDate": "2026-09-03T00:00:00Z",
                 "filter": {"q": "input.a:1", "machine": "m", "status": ["RUNNING"],
                            "startedAfter": "2026-01-01T00:00:00Z"},
                 "state": "running", "cancelled": false, "changed": 0, "unchanged": 0, "failed": 0,
                 "failures": [], "updateDate": "2026-09-03T00:00:00Z"}
                """
                    .formatted(id));
    assertThat(json(made)).isEqualTo(expected);
    assertThat(json(get("/" + id))).isEqualTo(expected);

    JsonNode cancelled = json(cancel(id));
    assertThat(cancelled.path("cancelled").asBoolean()).isTrue();

    bulk.fail(id, ARN, "why");
    JsonNode ended = json(get("/" + id));
    assertThat(ended.path("state").asText()).isEqualTo("completed");
    assertThat(ended.path("reason").asText()).isEqualTo("enough");
    assertThat(ended.at("/failures/0/executionArn").asText()).isEqualTo(ARN);
    assertThat(ended.at("/failures/0/reason").asText()).isEqualTo("why");
    JsonNode listed =
        json(get(""))
            .path("bulkOperations")
            .valueStream()
            .filter(one -> one.path("id").asText().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(listed.path("failed").asInt()).isOne();
    assertThat(listed.has("failures")).isFalse();
  }

  @Test
  void shouldTakeExecutionsByName() throws Exception {
    JsonNode made =
        json(post("{\"kind\": \"redrive\", \"executionArns\": [\"%s\"]}".formatted(ARN)));

    assertThat(made.path("named").asInt()).isOne();
    assertThat(made.path("kind").asText()).isEqualTo("redrive");
    assertThat(made.has("filter")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | body | not JSON",
        "{\"kind\": \"stop\", \"kind\": \"redrive\"} | body | Duplicate field",
        "[] | body | not an object",
        "{\"kind\": \"stop\", \"limit\": 3} | limit | There is no member",
        "{\"kind\": \"delete\", \"filter\": {\"machine\": \"m\"}} | kind | There is no kind"
            + " \"delete\"",
        "{\"filter\": {\"machine\": \"m\"}} | kind | There is no kind",
        "{\"kind\": \"stop\"} | filter | Either filter or executionArns",
        "{\"kind\": \"stop\", \"filter\": {\"q\": \"a\"}, \"executionArns\": []} | filter | Either",
        "{\"kind\": \"stop\", \"filter\": {}} | filter | without a condition",
        "{\"kind\": \"stop\", \"filter\": {\"order\": \"oldest\"}} | order | There is no parameter",
        "{\"kind\": \"stop\", \"filter\": {\"status\": [\"DONE\"]}} | status | status is not"
            + " 'DONE'",
        "{\"kind\": \"stop\", \"filter\": {\"machine\": [\"a\", \"b\"]}} | machine | given twice",
        "{\"kind\": \"stop\", \"filter\": {\"startedAfter\": \"now\"}} | startedAfter | not a time",
        "{\"kind\": \"stop\", \"filter\": {\"q\": \"input.(\"}} | q | ",
        "{\"kind\": \"stop\", \"executionArns\": []} | executionArns | 1 to 1000",
        "{\"kind\": \"stop\", \"executionArns\": [\"arn:aws:states:us-east-1:1:express:m:e:u\"]} |"
            + " executionArns | not the ARN",
        "{\"kind\": \"stop\", \"executionArns\": [7]} | executionArns | not the ARN",
        "{\"kind\": \"redrive\", \"cause\": \"c\", \"filter\": {\"q\": \"a\"}} | cause | neither"
            + " error nor cause",
        "{\"kind\": \"stop\", \"cause\": 7, \"filter\": {\"q\": \"a\"}} | cause | no text"
      })
  void shouldSayWhatIsWrong(String body, String parameter, String detail) throws Exception {
    HttpResponse<String> answer = post(body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).at("/where/parameter").asText()).isEqualTo(parameter);
    assertThat(json(answer).path("detail").asText()).contains(detail == null ? "" : detail);
    assertThat(json(answer).path("mend").asText()).isNotBlank();
  }

  @Test
  void shouldRefuseWhatOtherSitesCouldSend() throws Exception {
    assertThat(post("text/plain", "{\"kind\": \"stop\", \"filter\": {\"q\": \"a\"}}").statusCode())
        .isEqualTo(415);
  }

  @Test
  void shouldSayThatThereIsNoSuchOperation() throws Exception {
    assertThat(get("/none").statusCode()).isEqualTo(404);
    assertThat(json(cancel("none")).path("detail").asText()).contains("'none'");
  }

  @Test
  void shouldSayThatTooManyAreOpen() throws Exception {
    HttpResponse<String> last = null;
    for (int i = 0; i <= BulkOperations.MOST_OPEN; i++) {
      last = post("{\"kind\": \"stop\", \"filter\": {\"machine\": \"m\"}}");
    }

    assertThat(last.statusCode()).isEqualTo(409);
    assertThat(json(last).path("mend").asText()).contains("cancel one");
  }

  @Test
  void shouldAskToComeBackWhenKafkaDoesNotAnswer() throws Exception {
    bulk.failWith(new Unavailable("no broker", Duration.ofSeconds(1)));
    try {
      assertThat(get("").statusCode()).isEqualTo(503);
      assertThat(get("/x").statusCode()).isEqualTo(503);
      assertThat(cancel("x").statusCode()).isEqualTo(503);
      HttpResponse<String> post =
          post("{\"kind\": \"stop\", \"executionArns\": [\"%s\"]}".formatted(ARN));
      assertThat(post.statusCode()).isEqualTo(503);
      assertThat(post.headers().firstValue("retry-after")).hasValue("1");
    } finally {
      bulk.failWith(null);
    }
  }
}
