package io.stepstream.dev.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a node by HTTP, and takes no more of its answer than it should be. */
final class NodeApi implements AutoCloseable {

  /** More than any answer has which is asked for here. */
  static final int LONGEST_ANSWER = 8 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final @Nullable String apiKey;

  NodeApi(@Nullable String apiKey) {
    this.apiKey = apiKey;
  }

  /** What came back. */
  record Reply(int status, String body) {

    boolean isGood() {
      return status == 200;
    }

    /** Missing when it is no JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException _) {
        return JSON.missingNode();
      }
    }
  }

  /**
   * @throws IOException when nobody answers in time
   */
  Reply get(URI endpoint, String path) throws IOException, InterruptedException {
    return send(keyed(HttpRequest.newBuilder(endpoint.resolve(path))).GET());
  }

  /** As nobody in particular. */
  Reply getUnknown(URI endpoint, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(endpoint.resolve(path)).GET());
  }

  /** An action of AWS's. */
  Reply act(URI endpoint, String action, JsonNode request)
      throws IOException, InterruptedException {
    return send(
        keyed(HttpRequest.newBuilder(endpoint.resolve("/")))
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AWSStepFunctions." + action)
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request))));
  }

  private HttpRequest.Builder keyed(HttpRequest.Builder request) {
    return apiKey == null ? request : request.header("Authorization", "Bearer " + apiKey);
  }

  private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      return new Reply(response.statusCode(), new String(body.readNBytes(LONGEST_ANSWER), UTF_8));
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
