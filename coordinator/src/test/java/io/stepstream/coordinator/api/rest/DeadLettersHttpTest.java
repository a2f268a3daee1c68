package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.deadletter.InMemoryDeadLetters;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.topic.DeadLetter;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class DeadLettersHttpTest {

  @TestHTTPResource("/api/dead-letters")
  URI endpoint;

  @Inject InMemoryDeadLetters letters;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String topic = "topic-" + UUID.randomUUID();

  @AfterEach
  void disconnect() {
    letters.failWith(null);
    http.close();
  }

  private String put(String value) {
    var source = new ConsumerRecord<>(topic, 2, 17L, "key".getBytes(UTF_8), value.getBytes(UTF_8));
    source.headers().add("trace", "abc".getBytes(UTF_8));
    return letters.put(DeadLetter.of(source, "worker", "broken"), 1_000);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(endpoint + path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return post(path, "application/json", body);
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void shouldShowALetterWithItsHeaders() throws Exception {
    String id = put("{\u001b");

    HttpResponse<String> answer = get("/" + id);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(json(answer))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"id": "%s", "time": "1970-01-01T00:00:01Z",
                     "source": {"topic": "%s", "partition": 2, "offset": 17,
                                "time": "1969-12-31T23:59:59.999Z"},
                     "component": "worker", "reason": "broken",
                     "key": {"text": "key", "bytes": 3, "truncated": false},
                     "value": {"text": "{\ufffd", "bytes": 2, "truncated": false},
                     "headers": [{"name": "trace",
                                  "value": {"text": "abc", "bytes": 3, "truncated": false}}],
                     "answered": false, "leftOut": false, "state": "open"}
                    """
                        .formatted(id, topic)));
  }

  @Test
  void shouldListNewestFirstInPagesWithAPreview() throws Exception {
    String first = put("1");
    String second = put("x".repeat(600));
    String third = put("3");

    JsonNode page = json(get("?limit=2&topic=" + topic));
    assertThat(page.path("deadLetters").findValuesAsText("id")).containsExactly(third, second);
    JsonNode preview = page.path("deadLetters").get(1).path("value");
    assertThat(preview.path("text").asText()).hasSize(512);
    assertThat(preview.path("bytes").intValue()).isEqualTo(600);
    assertThat(preview.path("truncated").booleanValue()).isTrue();
    assertThat(page.path("deadLetters").get(0).has("headers")).isFalse();

    JsonNode rest =
        json(get("?limit=2&topic=" + topic + "&pageToken=" + page.path("nextPageToken").asText()));
    assertThat(rest.path("deadLetters").findValuesAsText("id")).containsExactly(first);
    assertThat(rest.has("nextPageToken")).isFalse();
    assertThat(json(get("?component=nobody")).path("deadLetters")).isEmpty();
  }

  @Test
  void shouldTellWhatBecameOfLetters() throws Exception {
    String redriven = put("1");
    String discarded = put("2");
    String open = put("3");

    HttpResponse<String> answer =
        post("/redrive", "{\"ids\": [\"%s\", \"7-1\"]}".formatted(redriven));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode outcomes = json(answer).path("outcomes");
    assertThat(outcomes.findValuesAsText("outcome")).containsExactly("REDRIVEN", "NOT_FOUND");
    assertThat(outcomes.get(0).has("detail")).isFalse();
    assertThat(outcomes.get(1).path("detail").asText()).isNotBlank();
    assertThat(
            json(post("/discard", "{\"ids\": [\"%s\"]}".formatted(discarded)))
                .path("outcomes")
                .findValuesAsText("outcome"))
        .containsExactly("DISCARDED");

    assertThat(ids("")).containsExactly(open);
    assertThat(ids("&state=open")).containsExactly(open);
    assertThat(ids("&state=redriven")).containsExactly(redriven);
    assertThat(ids("&state=discarded")).containsExactly(discarded);
    assertThat(ids("&state=all")).containsExactly(open, discarded, redriven);
    JsonNode letter = json(get("/" + redriven));
    assertThat(letter.path("state").asText()).isEqualTo("redriven");
    assertThat(letter.path("stateDate").asText()).isEqualTo("2026-09-03T00:00:00Z");
  }

  private Iterable<String> ids(String more) throws Exception {
    return json(get("?topic=" + topic + more)).path("deadLetters").findValuesAsText("id");
  }

  @ParameterizedTest
  @CsvSource({
    "?state=x, state",
    "?limit=0, limit",
    "?limit=201, limit",
    "?limit=x, limit",
    "?pageToken=x, pageToken",
    "?pageToken=1-, pageToken",
    "?pageToken=99999999999999999999, pageToken",
    "?topik=t, topik"
  })
  void shouldSayWhatIsWrongWithAList(String query, String parameter) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("where").path("parameter").asText()).isEqualTo(parameter);
    assertThat(json(answer).path("mend").asText()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | ids",
        "{\"ids\": []} | ids",
        "{\"ids\": \"0-1\"} | ids",
        "{\"ids\": [\"x\"]} | ids",
        "{\"ids\": [1]} | ids",
        "{\"ids\": [\"0-1\"], \"force\": true} | force",
        "[] | body",
        "{ | body",
        "{\"ids\": [\"0-1\"]} x | body",
        "`` | body"
      })
  void shouldSayWhatIsWrongWithAChange(String body, String member) throws Exception {
    for (String change : new String[] {"/redrive", "/discard"}) {
      HttpResponse<String> answer = post(change, body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).path("where").path("parameter").asText()).isEqualTo(member);
      assertThat(json(answer).path("mend").asText()).isNotBlank();
    }
  }

  @Test
  void shouldTakeNoMoreThanAHundredAtOnce() throws Exception {
    String ids = "\"0-1\"" + ", \"0-1\"".repeat(100);

    assertThat(post("/redrive", "{\"ids\": [%s]}".formatted(ids)).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldTakeJsonByItsNameOnly() throws Exception {
    String id = put("1");
    String body = "{\"ids\": [\"%s\"]}".formatted(id);

    assertThat(post("/redrive", "text/plain", body).statusCode()).isEqualTo(415);
    assertThat(post("/discard", "text/plain", body).statusCode()).isEqualTo(415);
    assertThat(json(get("/" + id)).path("state").asText()).isEqualTo("open");
  }

  @Test
  void shouldSayThatThereIsNoSuchLetter() throws Exception {
    for (String id : new String[] {"0-999999", "9-0", "x"}) {
      HttpResponse<String> answer = get("/" + id);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(json(answer).path("detail").asText()).contains("'" + id + "'");
    }
  }

  @Test
  void shouldAskToComeBackWhenKafkaDoesNotAnswer() throws Exception {
    String body = "{\"ids\": [\"%s\"]}".formatted(put("1"));
    letters.failWith(new Unavailable("no broker", Duration.ofSeconds(1)));

    assertThat(get("").statusCode()).isEqualTo(503);
    assertThat(get("/0-0").statusCode()).isEqualTo(503);
    assertThat(post("/redrive", body).statusCode()).isEqualTo(503);
    assertThat(post("/discard", body).statusCode()).isEqualTo(503);
    assertThat(post("/discard", body).headers().firstValue("retry-after")).hasValue("1");
  }
}
