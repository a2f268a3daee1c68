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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class MetricsHttpTest {

  @TestHTTPResource("/api/metrics/executions")
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

  @Test
  void shouldCountWhatBeganAndEnded() throws Exception {
    String id = UUID.randomUUID().toString();
    Instant begun = executions.run(id, "{}");
    executions.end(id, ExecutionStatus.FAILED, null, "E", "why");

    HttpResponse<String> answer =
        get(
            "?machine=m&buckets=2&from=%s&to=%s"
                .formatted(begun.plusSeconds(59), begun.plusSeconds(61)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode measured = json(answer);
    assertThat(measured.path("bucketMillis").asLong()).isEqualTo(1000);
    assertThat(measured.path("complete").asBoolean()).isTrue();
    assertThat(measured.path("asOf").asText()).isEqualTo("2026-09-02T00:00:00Z");
    assertThat(measured.path("buckets").findValuesAsText("from"))
        .containsExactly(begun.plusSeconds(59).toString(), begun.plusSeconds(60).toString());
    JsonNode ended = measured.path("buckets").path(1);
    assertThat(ended.path("failed").asInt()).isEqualTo(1);
    assertThat(ended.path("p50Millis").asLong()).isEqualTo(60_000);
    assertThat(ended.path("p99Millis").asLong()).isEqualTo(60_000);
    assertThat(json(get("?machine=other&from=2026-09-01&to=2026-09-02")).toString())
        .doesNotContain("p50Millis");
  }

  @Test
  void shouldTakeTheLastHourIfNothingIsSaid() throws Exception {
    JsonNode measured = json(get(""));

    assertThat(measured.path("buckets").size()).isEqualTo(60);
    assertThat(measured.path("bucketMillis").asLong()).isEqualTo(60_000);
    assertThat(
            Duration.between(
                Instant.parse(measured.path("from").asText()),
                Instant.parse(measured.path("to").asText())))
        .isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?buckets=0 | buckets | can't be 0",
        "?buckets=501 | buckets | can't be 501",
        "?from=now | from | is not a time",
        "?from=2026-09-02&to=2026-09-01 | from | less than a second",
        "?from=2026-09-01T00:00:00Z&to=2026-09-01T00:00:59Z | from | each of 60 buckets",
        "?to=-1000000000-01-01T00:00:00Z | to | is not a time",
        "?stateMachineArn=x | stateMachineArn | There is no parameter"
      })
  void shouldSayWhatIsWrong(String query, String parameter, String detail) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).at("/where/parameter").asText()).isEqualTo(parameter);
    assertThat(json(answer).path("detail").asText()).contains(detail);
    assertThat(json(answer).path("mend").asText()).isNotBlank();
  }

  @Test
  void shouldAskToComeBackWhileTheIndexIsBeingBuilt() throws Exception {
    executions.failWith(new Unavailable("being built", Duration.ofSeconds(2)));

    HttpResponse<String> answer = get("");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
  }
}
