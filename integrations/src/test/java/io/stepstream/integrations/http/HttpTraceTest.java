package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HttpTraceTest {

  private static final String BEARER =
      """
      {"AllowedHosts": ["127.0.0.1"], "AuthorizationType": "BEARER",
       "AuthParameters": {"BearerAuthParameters": {"Token": "canary-secret"},
         "InvocationHttpParameters": {"QueryStringParameters":
           [{"Key": "key", "Value": "canary-query", "IsValueSecret": true}]}}}
      """;

  private static JsonNode traced(String arguments) throws Exception {
    HttpSettings settings =
        new HttpSettings(
            List.of(Network.parse("127.0.0.1")),
            new Connections(_ -> Optional.of(BEARER), Optional.empty()),
            InetAddress::getAllByName,
            Duration.ofSeconds(20));
    try (HttpInvokeHandler handler = new HttpInvokeHandler(settings)) {
      return handler.handle(
          JsonText.read(arguments.getBytes(StandardCharsets.UTF_8)),
          Visit.of("arn:aws:stepstream:::http:trace"));
    }
  }

  @Test
  void shouldTellRequestResponseAndResultButNoSecret() throws Exception {
    try (HttpStub stub =
        new HttpStub(
            (exchange, _) -> {
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              HttpStub.send(
                  exchange,
                  200,
                  "{\"got\":\"%s\"}"
                      .formatted(exchange.getRequestHeaders().getFirst("Authorization")));
            })) {

      JsonNode told =
          traced(
              """
              {"ApiEndpoint": "%s/bills", "Method": "POST", "RequestBody": {"n": 1},
               "Headers": {"X-Mine": "m"},
               "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:000000000000:connection/api/1"}}
              """
                  .formatted(stub.endpoint()));

      JsonNode request = told.path("request");
      assertThat(request.path("protocol").asText()).isEqualTo("http");
      assertThat(request.path("method").asText()).isEqualTo("POST");
      assertThat(request.path("url").asText()).isEqualTo(stub.endpoint() + "/bills");
      assertThat(request.path("headers").asText())
          .startsWith("[User-Agent: ")
          .contains("X-Mine: m")
          .contains("Content-Type: application/json");
      assertThat(request.path("body").asText()).isEqualTo("{\"n\":1}");
      JsonNode response = told.path("response");
      assertThat(response.path("statusCode").asText()).isEqualTo("200");
      assertThat(response.path("statusMessage").asText()).isEqualTo("OK");
      assertThat(response.path("body").asText()).isEqualTo("{\"got\":\"Bearer ***\"}");
      assertThat(told.at("/result/ResponseBody/got").asText()).isEqualTo("Bearer ***");
      assertThat(told.toString()).doesNotContain("canary");
    }
  }

  @Test
  void shouldTellWhatTheApiRefused() throws Exception {
    try (HttpStub stub = new HttpStub((exchange, _) -> HttpStub.send(exchange, 503, "away"))) {

      JsonNode told =
          traced("{\"ApiEndpoint\": \"%s/\", \"Method\": \"GET\"}".formatted(stub.endpoint()));

      assertThat(told.path("error").asText()).isEqualTo("States.Http.StatusCode.503");
      assertThat(told.path("cause").asText()).isEqualTo("away");
      assertThat(told.at("/response/statusCode").asText()).isEqualTo("503");
      assertThat(told.has("result")).isFalse();
    }
  }

  @Test
  void shouldTellTheRequestThatWasNotAnswered() throws Exception {
    String nobody;
    try (HttpStub stub = new HttpStub((exchange, _) -> HttpStub.send(exchange, 200, ""))) {
      nobody = stub.endpoint().toString();
    }

    JsonNode told = traced("{\"ApiEndpoint\": \"%s/\", \"Method\": \"GET\"}".formatted(nobody));

    assertThat(told.path("error").asText()).isEqualTo("States.Http.Socket");
    assertThat(told.path("request").path("url").asText()).isEqualTo(nobody + "/");
    assertThat(told.has("response")).isFalse();
  }

  @Test
  void shouldLeaveBodiesOutRatherThanBeTooLarge() throws Exception {
    String large = "x".repeat(200_000);
    try (HttpStub stub = new HttpStub((exchange, _) -> HttpStub.send(exchange, 200, large))) {

      JsonNode told =
          traced("{\"ApiEndpoint\": \"%s/\", \"Method\": \"GET\"}".formatted(stub.endpoint()));

      assertThat(JsonText.write(told)).hasSizeLessThan(TaskHandler.MOST_RESULT_BYTES);
      assertThat(told.at("/result/ResponseBody").asText()).isEqualTo(large);
      assertThat(told.at("/response/body").asText()).startsWith("(left out");
    }
  }

  @Test
  void shouldRefuseWhatIsNoCall() {
    assertThatThrownBy(() -> traced("{\"Method\": \"GET\"}"))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("ApiEndpoint");
  }
}
