package io.stepstream.dev.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls actions of the Step Functions API at one endpoint. Thread safe. */
public final class StepFunctionsClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "application/x-amz-json-1.0";

  /** A synchronous Express execution answers after 5 minutes at the latest. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(6);

  /** As many as AWS's own clients make by default. */
  private static final int ATTEMPTS = 3;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final URI endpoint;
  private final HttpClient http;
  private final @Nullable String apiKey;

  /**
   * @param endpoint scheme, host and port, for example {@code http://127.0.0.1:8333}
   */
  public StepFunctionsClient(URI endpoint) {
    this(endpoint, null);
  }

  /**
   * @param apiKey shows who calls; null: the endpoint asks nobody
   */
  public StepFunctionsClient(URI endpoint, @Nullable String apiKey) {
    this.apiKey = apiKey;
    this.endpoint = endpoint.resolve("/");
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** An empty request for {@link #call}. */
  public static ObjectNode request() {
    return JSON.createObjectNode();
  }

  /**
   * Calls an action and returns its answer. One that the service can't answer now is tried again,
   * though it may have taken effect: as with AWS's clients, a start that must happen once has a
   * name.
   *
   * @param action AWS's name, for example {@code StartExecution}
   * @throws ApiError if the service refuses
   * @throws IOException if the service can't be reached or doesn't answer as the API does
   */
  public JsonNode call(String action, ObjectNode request) throws ApiError, IOException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(endpoint)
            .timeout(LONGEST_CALL)
            .header("Content-Type", CONTENT_TYPE)
            .header("X-Amz-Target", "AWSStepFunctions." + action)
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)));
    if (apiKey != null) {
      post.header("Authorization", "Bearer " + apiKey);
    }
    HttpResponse<byte[]> response = sent(post.build(), action);
    JsonNode answer = parse(response);
    if (response.statusCode() == 200) {
      return answer;
    }
    // AWS qualifies some codes by a namespace: com.amazonaws.states#InvalidArn
    String type = answer.path("__type").asText("");
    String code = type.substring(type.indexOf('#') + 1);
    throw new ApiError(
        code.isEmpty() ? "HTTP " + response.statusCode() : code,
        answer.path("message").asText(answer.path("Message").asText("")));
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpResponse<byte[]> sent(HttpRequest request, String action) throws IOException {
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      Duration pause = FIRST_PAUSE;
      for (int sent = 1; sent < ATTEMPTS && response.statusCode() == 503; sent++) {
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
        response = http.send(request, BodyHandlers.ofByteArray());
      }
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException(action).initCause(e);
    }
  }

  private JsonNode parse(HttpResponse<byte[]> response) throws IOException {
    try {
      JsonNode answer = JSON.readTree(response.body());
      if (answer.isObject()) {
        return answer;
      }
    } catch (JsonProcessingException _) {
      // Falls through: whatever this is, it isn't the API.
    }
    throw new IOException(
        endpoint + " answered HTTP " + response.statusCode() + " without a JSON object");
  }
}
