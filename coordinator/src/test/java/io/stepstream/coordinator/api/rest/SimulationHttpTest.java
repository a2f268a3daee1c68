package io.stepstream.coordinator.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** What {@link SimulationsTest} tests, over HTTP. */
@QuarkusTest
class SimulationHttpTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASS =
      "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}";

  @TestHTTPResource("/api/simulations")
  URI endpoint;

  private HttpResponse<String> post(String body, String type) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(endpoint)
              .header("Content-Type", type)
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void shouldRunADefinition() throws Exception {
    HttpResponse<String> answer =
        post(
            JSON.createObjectNode().put("definition", PASS).put("input", "in").toString(),
            "application/json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("status").asText()).isEqualTo("SUCCEEDED");
    assertThat(json.path("output").asText()).isEqualTo("in");
    assertThat(json.path("events").findValuesAsText("type"))
        .containsExactly(
            "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded");
  }

  @Test
  void shouldTellWhatIsWrong() throws Exception {
    HttpResponse<String> answer = post("{\"definition\": 1}", "application/json");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(JSON.readTree(answer.body()).at("/where/parameter").asText())
        .isEqualTo("definition");
  }

  @Test
  void shouldTakeNothingThatABrowserSendsForAnotherSite() throws Exception {
    assertThat(post("{}", "text/plain").statusCode()).isEqualTo(415);
  }
}
