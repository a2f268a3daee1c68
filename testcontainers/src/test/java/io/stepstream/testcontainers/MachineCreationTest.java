package io.stepstream.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MachineCreationTest {

  private static final Machine MACHINE = new Machine("hello", "{}", Machine.Type.EXPRESS);

  private record Answer(int status, String body) {}

  private record Call(String target, String authorization, JsonNode body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();
  private HttpServer server;
  private MachineCreation creation;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    creation =
        new MachineCreation(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "ssk_key");
  }

  @AfterEach
  void stop() {
    creation.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    calls.add(
        new Call(
            exchange.getRequestHeaders().getFirst("X-Amz-Target"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new ObjectMapper().readTree(exchange.getRequestBody())));
    Answer answer = answers.remove();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void shouldCreateAMachineAsItsUser() {
    answers.add(new Answer(200, "{}"));

    creation.create(MACHINE);

    assertThat(calls)
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.target()).isEqualTo("AWSStepFunctions.CreateStateMachine");
              assertThat(call.authorization()).isEqualTo("Bearer ssk_key");
              assertThat(call.body().path("name").asText()).isEqualTo("hello");
              assertThat(call.body().path("type").asText()).isEqualTo("EXPRESS");
              assertThat(call.body().path("definition").asText()).isEqualTo("{}");
              assertThat(call.body().path("roleArn").asText()).isEqualTo(Machine.ROLE);
            });
  }

  @Test
  void shouldAskAgainWhereTheNodeCannotYet() {
    answers.add(new Answer(503, "{}"));
    answers.add(new Answer(200, "{}"));

    creation.create(MACHINE);

    assertThat(calls).hasSize(2);
  }

  @Test
  void shouldSayWhichMachineIsRefusedAndWhy() {
    answers.add(new Answer(400, "{\"__type\":\"InvalidDefinition\",\"message\":\"no StartAt\"}"));

    assertThatThrownBy(() -> creation.create(MACHINE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("hello")
        .hasMessageContaining("no StartAt");
    assertThat(calls).hasSize(1);
  }

  @Test
  void shouldSayThatNobodyAnswers() {
    // Nothing listens on port 1.
    try (var nobody = new MachineCreation(URI.create("http://127.0.0.1:1"), "ssk_key")) {
      assertThatThrownBy(() -> nobody.create(MACHINE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("doesn't answer");
    }
  }
}
