package io.stepstream.dev.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;

/** A coordinator in a process of its own, which is killed and comes back at the same port. */
public final class Coordinator implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path directory;
  private final int port;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final StepFunctionsClient client;
  private StepstreamProcess process;

  private Coordinator(Path directory, int port, Map<String, String> environment) {
    this.directory = directory;
    this.port = port;
    this.environment = environment;
    this.client = new StepFunctionsClient(URI.create("http://127.0.0.1:" + port));
  }

  /** Starts one with six partitions and its state under its name. */
  public static Coordinator start(Path directory, String name, String bootstrapServers)
      throws IOException {
    return start(directory, name, bootstrapServers, Map.of());
  }

  /** The same with further settings, by the names of their environment variables. */
  public static Coordinator start(
      Path directory, String name, String bootstrapServers, Map<String, String> more)
      throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    environment.put("STEPSTREAM_PARTITIONS", "6");
    environment.put("STEPSTREAM_COORDINATOR_THREADS", "1");
    environment.put("STEPSTREAM_STATE_DIR", directory.resolve(name).toString());
    environment.put("STEPSTREAM_TOPICS_QUEUE_PARTITIONS", "1");
    environment.put("STEPSTREAM_TOPICS_REPLICATION_FACTOR", "1");
    environment.put("STEPSTREAM_TOPICS_MIN_INSYNC_REPLICAS", "1");
    Coordinator started = new Coordinator(directory, freePort(), environment);
    started.start();
    return started;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** Where its API answers. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Starts it again. */
  public void start() throws IOException {
    process = StepstreamProcess.coordinator(directory, port, environment);
  }

  public void kill() {
    process.kill();
  }

  public void awaitReady() {
    Awaitility.await("ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> send("GET", "/q/health/ready", null).statusCode() == 200);
  }

  /** An answer of AWS's API, after as many "not now" as there may be. */
  public JsonNode call(String action, ObjectNode request) {
    return Awaitility.await(action)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(
            e -> e instanceof ApiError refusal && refusal.code().equals("ServiceUnavailable"))
        .until(() -> client.call(action, request), Objects::nonNull);
  }

  /**
   * A request to what is under {@code /api}, with a body in JSON.
   *
   * @param body null: none
   */
  public HttpResponse<String> send(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(15))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The answer to such a request, which must be a success. */
  public JsonNode ask(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, body);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
    return json.readTree(answer.body());
  }

  /** What it has written to its standard output since it was last started. */
  public String out() {
    return process.out();
  }

  @Override
  public void close() {
    process.close();
    client.close();
    http.close();
  }
}
