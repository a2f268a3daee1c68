package io.stepstream.dev.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.StepstreamProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A coordinator process, which comes and goes, and calls of its API. */
final class Node implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** As a client of AWS waits between its attempts. */
  static final Duration PAUSE = Duration.ofMillis(100);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final String name;
  private final String bootstrapServers;
  private final Map<String, String> more;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private final StepFunctionsClient client;
  private StepstreamProcess process;

  /** What a call is answered, with all that AWS's clients look at. */
  sealed interface Reply {
    record Answered(JsonNode members) implements Reply {}

    /**
     * @param code AWS's name of the error
     * @param retryAfter the header of this name
     */
    record Refused(int status, String code, String message, Optional<String> retryAfter)
        implements Reply {}
  }

  /** Starts; {@link #awaitReady} tells when it can be called. */
  Node(Path directory, String name, String bootstrapServers) throws IOException {
    this(directory, name, bootstrapServers, Map.of());
  }

  /**
   * @param more settings, by the names of their environment variables
   */
  Node(Path directory, String name, String bootstrapServers, Map<String, String> more)
      throws IOException {
    this.more = more;
    this.directory = directory;
    this.name = name;
    this.bootstrapServers = bootstrapServers;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    client = new StepFunctionsClient(uri("/"));
    start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  void start() throws IOException {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "STEPSTREAM_API_ACTIVITY_WAIT", "5s",
                "STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                "STEPSTREAM_PARTITIONS", "6",
                "STEPSTREAM_COORDINATOR_THREADS", "1",
                "STEPSTREAM_STATE_DIR", directory.resolve(name).toString(),
                "STEPSTREAM_TOPICS_QUEUE_PARTITIONS", "1",
                "STEPSTREAM_TOPICS_REPLICATION_FACTOR", "1",
                "STEPSTREAM_TOPICS_MIN_INSYNC_REPLICAS", "1"));
    environment.putAll(more);
    process = StepstreamProcess.coordinator(directory, port, environment);
  }

  /** What it has written to its log. */
  String log() {
    return process.out() + process.err();
  }

  /** SIGTERM; {@link #ended} waits for what comes of it. */
  void terminate() {
    process.terminate();
  }

  /** Waits until the process has ended. */
  void ended(Duration longest) {
    process.exitCode(longest);
  }

  /** Whether it says that it can be called; false as well when nobody answers. */
  boolean isReady() throws Exception {
    try {
      return health() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  void awaitReady() {
    Awaitility.await("ready: " + process.err())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> health() == 200);
  }

  private int health() throws Exception {
    return http.send(
            HttpRequest.newBuilder(uri("/q/health/ready")).timeout(Duration.ofSeconds(2)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** The answer, after as many "not now" as there may be; any other refusal is thrown. */
  JsonNode call(String action, ObjectNode request) throws Exception {
    return Awaitility.await(action)
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(PAUSE)
        .ignoreExceptionsMatching(
            e -> e instanceof ApiError refusal && refusal.code().equals("ServiceUnavailable"))
        .until(() -> client.call(action, request), Objects::nonNull);
  }

  JsonNode describe(String executionArn) throws Exception {
    return call(
        "DescribeExecution", StepFunctionsClient.request().put("executionArn", executionArn));
  }

  /** Whatever the first attempt is answered. */
  Reply ask(String action, ObjectNode request) throws IOException, InterruptedException {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AWSStepFunctions." + action)
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
            .build();
    HttpResponse<byte[]> response = http.send(post, HttpResponse.BodyHandlers.ofByteArray());
    JsonNode members = JSON.readTree(response.body());
    if (response.statusCode() == 200) {
      return new Reply.Answered(members);
    }
    String type = members.path("__type").asText();
    return new Reply.Refused(
        response.statusCode(),
        type.substring(type.indexOf('#') + 1),
        members.path("message").asText(members.path("Message").asText()),
        response.headers().firstValue("Retry-After"));
  }

  @Override
  public void close() {
    process.close();
    client.close();
    http.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
