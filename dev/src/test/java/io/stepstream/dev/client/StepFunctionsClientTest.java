package io.stepstream.dev.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire, against an HTTP server that answers what the test puts in. */
final class StepFunctionsClientTest {
  private record Answer(int status, String body) {}

  private record Received(String target, String contentType, String body) {}

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private StepFunctionsClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new StepFunctionsClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void shouldSpeakAwsJson() throws Exception {
    answers.add(new Answer(200, "{\"stateMachineArn\": \"arn\"}"));

    var answer = client.call("CreateStateMachine", StepFunctionsClient.request().put("name", "m"));

    assertThat(answer.path("stateMachineArn").asText()).isEqualTo("arn");
    assertThat(received)
        .containsExactly(
            new Received(
                "AWSStepFunctions.CreateStateMachine",
                "application/x-amz-json-1.0",
                "{\"name\":\"m\"}"));
  }

  @Test
  void shouldTellTheCodeOfARefusalWithoutItsNamespace() {
    answers.add(
        new Answer(400, "{\"__type\": \"com.amazonaws.sfn#InvalidArn\", \"message\": \"Bad\"}"));

    assertThatThrownBy(() -> client.call("DescribeExecution", StepFunctionsClient.request()))
        .isInstanceOfSatisfying(
            ApiError.class, error -> assertThat(error.code()).isEqualTo("InvalidArn"))
        .hasMessage("Bad");
  }

  @Test
  void shouldTryAgainWhatCannotBeAnsweredNow() throws Exception {
    answers.add(new Answer(503, "{\"__type\": \"ServiceUnavailable\"}"));
    answers.add(new Answer(200, "{\"status\": \"RUNNING\"}"));

    var answer = client.call("DescribeExecution", StepFunctionsClient.request());

    assertThat(answer.path("status").asText()).isEqualTo("RUNNING");
    assertThat(received).hasSize(2);
  }

  @Test
  void shouldTellThatNothingIsAnsweredAfterThreeAttempts() {
    for (int i = 0; i < 3; i++) {
      answers.add(
          new Answer(503, "{\"__type\": \"ServiceUnavailable\", \"message\": \"" + i + "\"}"));
    }

    assertThatThrownBy(() -> client.call("DescribeExecution", StepFunctionsClient.request()))
        .isInstanceOfSatisfying(
            ApiError.class, error -> assertThat(error.code()).isEqualTo("ServiceUnavailable"))
        .hasMessage("2");
  }

  @Test
  void shouldNotTakeAnotherServerForTheApi() {
    answers.add(new Answer(200, "<html>It works!</html>"));

    assertThatThrownBy(() -> client.call("StartExecution", StepFunctionsClient.request()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without a JSON object");
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(
        new Received(
            exchange.getRequestHeaders().getFirst("X-Amz-Target"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Answer answer = answers.remove();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
