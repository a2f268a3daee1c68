package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The script of {@code helm test}, run against a server that answers as a coordinator would. */
class HelmTestTest {

  private static final String KEY = "ssk_secret";

  /** The path, and {@code /} with a key that is taken. */
  private final Map<String, Integer> statuses =
      new HashMap<>(Map.of("/q/health/ready", 200, "/api/info", 401, "/", 200));

  private HttpServer server = unstarted();

  private static HttpServer unstarted() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private record Ended(int code, String output) {}

  @BeforeEach
  void start() {
    assumeThat(Path.of("/bin/sh")).exists();
    assumeThat(List.of(System.getenv("PATH").split(":")))
        .as("there is no curl here")
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "curl")));
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int status = statuses.getOrDefault(path, 404);
    if (path.equals("/") && !isSigned(exchange)) {
      status = 400;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static boolean isSigned(HttpExchange exchange) {
    return ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))
        && "AWSStepFunctions.ListStateMachines"
            .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
  }

  @Test
  void shouldPassWhereANodeIsReadyAndAsksWhoCalls() throws Exception {
    assertThat(run("full-values.yaml")).isEqualTo(new Ended(0, ""));
    assertThat(run("minimal-values.yaml")).isEqualTo(new Ended(0, ""));
  }

  @Test
  void shouldFailWhereNoNodeIsReady() throws Exception {
    statuses.put("/q/health/ready", 503);

    assertThat(run("minimal-values.yaml"))
        .isEqualTo(new Ended(1, "A node is ready: HTTP status 503 and not 200\n"));
  }

  @Test
  void shouldFailWhereEverybodyIsLetIn() throws Exception {
    statuses.put("/api/info", 200);

    assertThat(run("minimal-values.yaml"))
        .isEqualTo(
            new Ended(1, "Nobody is let in without credentials: HTTP status 200 and not 401\n"));
  }

  @Test
  void shouldFailWhereTheKeyMayNot() throws Exception {
    statuses.put("/", 403);

    assertThat(run("full-values.yaml"))
        .isEqualTo(new Ended(1, "ListStateMachines: HTTP status 403 and not 200\n"));
  }

  @Test
  void shouldFailWhereNobodyListens() throws Exception {
    server.stop(0);

    Ended ended = run("minimal-values.yaml");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("A node is ready: HTTP status 000 and not 200");
  }

  private Ended run(String scenario) throws Exception {
    Release.Pod pod =
        Chart.withoutHooks().render(scenario).pods().stream()
            .filter(candidate -> !candidate.serves())
            .findFirst()
            .orElseThrow();
    assertThat(Release.texts(pod.container().path("command"))).containsExactly("/bin/sh", "-euc");
    ProcessBuilder script =
        new ProcessBuilder("/bin/sh", "-euc", pod.container().path("args").get(0).asText())
            .redirectErrorStream(true);
    script.environment().put("URL", "http://127.0.0.1:" + server.getAddress().getPort());
    script.environment().put("API_KEY", KEY);
    Process process = script.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }
}
