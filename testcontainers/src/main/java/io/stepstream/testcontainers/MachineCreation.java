package io.stepstream.testcontainers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Creates machines, by the API itself: a test needn't have AWS's SDK. */
final class MachineCreation implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A node that has just begun may say for a moment that it can't yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int NOT_NOW = 503;

  private final URI endpoint;
  private final String apiKey;
  private final HttpClient http = HttpClient.newHttpClient();

  MachineCreation(URI endpoint, String apiKey) {
    this.endpoint = endpoint.resolve("/");
    this.apiKey = apiKey;
  }

  /**
   * @throws IllegalStateException it is refused; says why
   */
  void create(Machine machine) {
    byte[] body = body(machine);
    HttpRequest post =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AWSStepFunctions.CreateStateMachine")
            .header("Authorization", "Bearer " + apiKey)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer = send(post);
    while (answer.statusCode() == NOT_NOW && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE.toNanos());
      answer = send(post);
    }
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "The state machine %s isn't created: %s".formatted(machine.name(), answer.body()));
    }
  }

  private HttpResponse<String> send(HttpRequest post) {
    try {
      return http.send(post, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(endpoint + " doesn't answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while machines were created", e);
    }
  }

  private static byte[] body(Machine machine) {
    try {
      return JSON.writeValueAsBytes(
          JSON.createObjectNode()
              .put("name", machine.name())
              .put("definition", machine.definition())
              .put("roleArn", Machine.ROLE)
              .put("type", machine.type().name()));
    } catch (IOException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
