package io.stepstream.coordinator.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.index.SearchableExecutions;
import io.stepstream.schemas.ExecutionStatus;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class SearchHttpTest {

  @TestHTTPResource("/api/executions")
  URI endpoint;

  @Inject SearchableExecutions executions;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void disconnect() {
    executions.failWith(null);
    http.close();
  }

  private HttpResponse<String> get(String query) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(endpoint + query)).build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void shouldAnswerWithWhatWasFound() throws Exception {
    String id = UUID.randomUUID().toString();
    executions.run(id, "{\"order\": {\"id\": \"" + id + "\"}}");
    executions.end(id, ExecutionStatus.FAILED, null, "Some.Error", "because");

    HttpResponse<String> answer = get("?q=" + encoded("input.order.id:" + id));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode found = json(answer);
    assertThat(found.path("total").asInt()).isEqualTo(1);
    assertThat(found.path("totalIsLowerBound").asBoolean(true)).isFalse();
    assertThat(found.path("asOf").asText()).isEqualTo("2026-09-02T00:00:00Z");
    assertThat(found.has("nextPageToken")).isFalse();
    JsonNode execution = found.path("executions").path(0);
    assertThat(execution.path("executionArn").asText()).isEqualTo(SearchableExecutions.arn(id));
    assertThat(execution.path("stateMachineArn").asText()).isEqualTo(SearchableExecutions.MACHINE);
    assertThat(execution.path("name").asText()).isEqualTo(id);
    assertThat(execution.path("status").asText()).isEqualTo("FAILED");
    assertThat(execution.path("startDate").asText()).startsWith("2026-09-01T");
    assertThat(execution.path("stopDate").asText()).startsWith("2026-09-01T");
    assertThat(execution.path("error").asText()).isEqualTo("Some.Error");
    assertThat(execution.path("cause").asText()).isEqualTo("because");
  }

  @Test
  void shouldGoThroughPagesByToken() throws Exception {
    String prefix = UUID.randomUUID().toString();
    for (int i = 0; i < 5; i++) {
      executions.run(prefix + i, "{}");
    }
    String query =
        "?namePrefix=" + prefix + "&status=RUNNING,FAILED&status=ABORTED&limit=2&order=oldest";
    List<String> names = new ArrayList<>();
    JsonNode page = json(get(query));
    page.path("executions").forEach(e -> names.add(e.path("name").asText()));
    while (page.has("nextPageToken")) {
      page = json(get(query + "&pageToken=" + page.path("nextPageToken").asText()));
      page.path("executions").forEach(e -> names.add(e.path("name").asText()));
    }

    assertThat(names).containsExactly(prefix + 0, prefix + 1, prefix + 2, prefix + 3, prefix + 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?q=name:*x | q | * may only stand at the end",
        "?status=DONE | status | status is not 'DONE'",
        "?limit=0 | limit | limit can't be 0",
        "?limit=many | limit | limit can't be many",
        "?startedAfter=today | startedAfter | is not a time",
        "?startedAfter=1969-12-31 | startedAfter | is not a time",
        "?stoppedBefore=%2B1000000000-12-31T00:00:00Z | stoppedBefore | is not a time",
        "?order=up | order | There is no order 'up'",
        "?machine=a&machine=b | machine | given twice",
        "?statusFilter=FAILED | statusFilter | There is no parameter",
        "?pageToken=x | pageToken | Invalid token"
      })
  void shouldSayWhatIsWrong(String query, String parameter, String detail) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.path("status").asInt()).isEqualTo(400);
    assertThat(problem.path("where").path("parameter").asText()).isEqualTo(parameter);
    assertThat(problem.path("detail").asText()).contains(detail);
    assertThat(problem.path("mend").asText()).isNotBlank();
  }

  @Test
  void shouldTellThePlaceInTheQuery() throws Exception {
    assertThat(json(get("?q=" + encoded("a AND"))).path("where").path("at").asInt()).isEqualTo(6);
    assertThat(json(get("?q=" + "a".repeat(2049))).path("detail").asText())
        .contains("more than 2048");
  }

  @Test
  void shouldRefuseATokenOfAnotherQuery() throws Exception {
    executions.run(UUID.randomUUID().toString(), "{}");
    executions.run(UUID.randomUUID().toString(), "{}");
    String token = json(get("?limit=1")).path("nextPageToken").asText();

    assertThat(get("?limit=1&pageToken=" + token).statusCode()).isEqualTo(200);
    assertThat(json(get("?limit=1&status=FAILED&pageToken=" + token)).path("detail").asText())
        .contains("not issued for this request");
  }

  @Test
  void shouldSayWhenToComeBack() throws Exception {
    executions.failWith(new Unavailable("it is being built", Duration.ofMillis(1500)));

    HttpResponse<String> answer = get("");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(json(answer).path("detail").asText()).isEqualTo("it is being built");
  }

  @Test
  void shouldNotShowABug() throws Exception {
    executions.failWith(new IllegalStateException("secret"));

    HttpResponse<String> answer = get("");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret");
  }
}
