package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a server that answers every execution alike. */
final class SyncCallsTest {

  private final AtomicInteger calls = new AtomicInteger();
  private volatile int status = 200;
  private volatile String answer = "{\"status\":\"SUCCEEDED\"}";
  private HttpServer server;
  private URI endpoint;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean create =
              exchange.getRequestHeaders().getFirst("X-Amz-Target").endsWith("CreateStateMachine");
          exchange.getRequestBody().readAllBytes();
          byte[] body =
              (create ? "{\"stateMachineArn\":\"arn\"}" : answer).getBytes(StandardCharsets.UTF_8);
          calls.addAndGet(create ? 0 : 1);
          exchange.sendResponseHeaders(create ? 200 : status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldCallAsOftenAsIsDue() {
    try (SyncCalls sync = SyncCalls.to(endpoint, Inputs.of(20).at(0))) {
      assertThat(sync.pace(100, Duration.ofMillis(200)).getTotalCount()).isEqualTo(20);
    }
    assertThat(calls).hasValue(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"status\":\"FAILED\"} | StartSyncExecution answered {\"status\":\"FAILED\"}",
        "400 | {\"__type\":\"Throttled\"} | StartSyncExecution was refused: Throttled",
        "502 | oh | StartSyncExecution failed: "
      })
  void shouldFailIfAnExecutionDoes(int code, String body, String message) {
    status = code;
    answer = body;
    try (SyncCalls sync = SyncCalls.to(endpoint, Inputs.of(20).at(0))) {
      assertThatThrownBy(() -> sync.warmUp(Duration.ofMinutes(5)))
          .isInstanceOf(BenchFailure.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void shouldFailIfNobodyAnswers() {
    server.stop(0);

    assertThatThrownBy(() -> SyncCalls.to(endpoint, Inputs.of(20).at(0)))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("CreateStateMachine failed");
  }
}
