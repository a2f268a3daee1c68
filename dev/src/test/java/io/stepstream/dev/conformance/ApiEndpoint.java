package io.stepstream.dev.conformance;

import io.stepstream.asl.json.Json;
import io.stepstream.testkit.conformance.RecordedCase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Calls actions with whatever parameters, as no client would that checks them first. */
final class ApiEndpoint implements AutoCloseable {

  /** What a busy node can't answer now is no answer yet; a client tries again. */
  private static final int ATTEMPTS = 5;

  /** What an action answers. */
  sealed interface Reply {
    record Answer(Map<?, ?> members) implements Reply {}

    record Refusal(String code, String message, int httpStatus) implements Reply {}
  }

  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();

  ApiEndpoint(URI uri) {
    this.uri = uri;
  }

  Reply call(String action, Map<?, ?> parameters) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve("/"))
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AWSStepFunctions." + action)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encodeUtf8(parameters)))
            .build();
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      for (int sent = 1; sent < ATTEMPTS && response.statusCode() == 503; sent++) {
        response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException(action).initCause(e);
    }
    Map<?, ?> members = (Map<?, ?>) RecordedCase.tree(response.body());
    if (response.statusCode() == 200) {
      return new Reply.Answer(members);
    }
    String type = String.valueOf(members.get("__type"));
    return new Reply.Refusal(
        type.substring(type.indexOf('#') + 1),
        String.valueOf(members.get(members.containsKey("message") ? "message" : "Message")),
        response.statusCode());
  }

  @Override
  public void close() {
    http.close();
  }
}
