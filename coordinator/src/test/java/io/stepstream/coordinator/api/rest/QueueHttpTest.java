package io.stepstream.coordinator.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.queue.InMemoryQueues;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class QueueHttpTest {

  @TestHTTPResource("/api/queues")
  URI endpoint;

  @Inject InMemoryQueues queues;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String queue = UUID.randomUUID().toString();

  @AfterEach
  void disconnect() {
    queues.failWith(null);
    http.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(endpoint + path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String name, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(endpoint + "/" + name))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void shouldTellWhatIsKnownOfAQueue() throws Exception {
    queues.put(
        new TaskQueue(
            queue,
            new QueueLimits(3, 0.5, true),
            InMemoryQueues.LIMITED_AT,
            7L,
            List.of("pool-1", "pool-2"),
            List.of(
                new TaskQueue.Pool("pool", List.of("f", "g"), "1", InMemoryQueues.LIMITED_AT))));

    HttpResponse<String> answer = get("/" + queue);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"queue": "%s",
                 "limits": {"maxConcurrency": 3, "ratePerSecond": 0.5, "paused": true,
                            "updateDate": "2026-09-03T00:00:00Z"},
                 "backlog": 7, "workers": ["pool-1", "pool-2"],
                 "pools": [{"pool": "pool", "handlers": ["f", "g"], "version": "1",
                            "lastSeen": "2026-09-03T00:00:00Z"}]}
                """
                    .formatted(queue));
    assertThat(json(answer)).isEqualTo(expected);
    assertThat(json(get("?limit=1&pageToken=" + before(queue))).path("queues").valueStream())
        .containsExactly(expected);
  }

  /** A name that sorts before this one, and behind all others that do. */
  private static String before(String name) {
    return name.substring(0, name.length() - 1);
  }

  @Test
  void shouldListByNameInPages() throws Exception {
    for (String suffix : List.of("-c", "-a", "-b")) {
      put(queue + suffix, "{}");
    }

    JsonNode first = json(get("?limit=2&pageToken=" + queue));
    assertThat(first.path("queues").findValuesAsText("queue"))
        .containsExactly(queue + "-a", queue + "-b");
    assertThat(first.path("nextPageToken").asText()).isEqualTo(queue + "-b");
    JsonNode second = json(get("?limit=1&pageToken=" + queue + "-b"));
    assertThat(second.path("queues").findValuesAsText("queue")).containsExactly(queue + "-c");
  }

  @ParameterizedTest
  @CsvSource({"?limit=0, limit", "?limit=x, limit", "?pageToken=a%20b, pageToken", "?page=1, page"})
  void shouldSayWhatIsWrongWithAList(String query, String parameter) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("where").path("parameter").asText()).isEqualTo(parameter);
    assertThat(json(answer).path("mend").asText()).isNotBlank();
  }

  @Test
  void shouldReplaceTheLimits() throws Exception {
    HttpResponse<String> answer = put(queue, "{\"maxConcurrency\": 5, \"ratePerSecond\": 2}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("maxConcurrency").intValue()).isEqualTo(5);
    assertThat(json(answer).path("ratePerSecond").doubleValue()).isEqualTo(2);
    assertThat(json(answer).path("paused").booleanValue()).isFalse();
    assertThat(json(get("/" + queue)).path("limits").path("maxConcurrency").intValue())
        .isEqualTo(5);

    assertThat(put(queue, "{\"maxConcurrency\": null, \"paused\": true}").statusCode())
        .isEqualTo(200);
    JsonNode limits = json(get("/" + queue)).path("limits");
    assertThat(limits.has("maxConcurrency")).isFalse();
    assertThat(limits.has("ratePerSecond")).isFalse();
    assertThat(limits.path("paused").booleanValue()).isTrue();

    assertThat(put(queue, "{}").statusCode()).isEqualTo(200);
    assertThat(json(get("/" + queue)).path("limits").has("updateDate")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"maxConcurrency\": 0} | maxConcurrency | can't be 0",
        "{\"maxConcurrency\": -1} | maxConcurrency | can't be -1",
        "{\"maxConcurrency\": 2.5} | maxConcurrency | can't be 2.5",
        "{\"maxConcurrency\": 5000000000} | maxConcurrency | can't be 5000000000",
        "{\"maxConcurrency\": \"3\"} | maxConcurrency | can't be \"3\"",
        "{\"ratePerSecond\": 0} | ratePerSecond | can't be 0",
        "{\"ratePerSecond\": -0.5} | ratePerSecond | can't be -0.5",
        "{\"ratePerSecond\": 1e300} | ratePerSecond | can't be",
        "{\"ratePerSecond\": true} | ratePerSecond | can't be true",
        "{\"paused\": \"yes\"} | paused | can't be \"yes\"",
        "{\"rate\": 3} | rate | There is no limit 'rate'",
        "[] | body | not an object",
        "{} {} | body | not JSON",
        "{ | body | not JSON",
        "`` | body | not an object"
      })
  void shouldSayWhatIsWrong(String body, String member, String detail) throws Exception {
    HttpResponse<String> answer = put(queue, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode problem = json(answer);
    assertThat(problem.path("where").path("parameter").asText()).isEqualTo(member);
    assertThat(problem.path("detail").asText()).contains(detail);
    assertThat(problem.path("mend").asText()).isNotBlank();
    assertThat(get("/" + queue).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldRefuseWhatCanBeNoQueuesName() throws Exception {
    HttpResponse<String> answer = put("no%20queue", "{}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("where").path("parameter").asText()).isEqualTo("queue");
  }

  @Test
  void shouldSayThatNobodyHasHeardOfTheQueue() throws Exception {
    HttpResponse<String> answer = get("/" + queue);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).path("detail").asText()).contains(queue);
  }

  @Test
  void shouldAskToComeBackWhenKafkaDoesNotAnswer() throws Exception {
    queues.failWith(new Unavailable("no broker", Duration.ofSeconds(1)));

    assertThat(get("").statusCode()).isEqualTo(503);
    assertThat(get("/" + queue).statusCode()).isEqualTo(503);
    assertThat(put(queue, "{}").statusCode()).isEqualTo(503);
    assertThat(put(queue, "{}").headers().firstValue("retry-after")).hasValue("1");
  }
}
