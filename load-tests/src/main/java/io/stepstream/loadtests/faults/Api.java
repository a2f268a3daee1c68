package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls of the API, each once: what isn't known is told as such. Thread safe. */
final class Api implements AutoCloseable {

  /** What became of a call. */
  sealed interface Answer {
    record Ok(JsonNode members) implements Answer {}

    /**
     * @param code AWS's name of the error
     * @param hasRetryAfter whether it says when to ask again
     */
    record Refused(int status, String code, String message, boolean hasRetryAfter)
        implements Answer {
      /** Nothing is known of the call: ask again. */
      boolean isNotNow() {
        return status >= 500 || code.equals("ThrottlingException");
      }
    }

    /** Nobody answered, or not in time; the call may have been carried out. */
    record Unknown(String why) implements Answer {}
  }

  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(LONGEST_CONNECT)
          .build();

  HttpClient http() {
    return http;
  }

  static ObjectNode request() {
    return JSON.createObjectNode();
  }

  /** Of text that was written by us, or has been read by others. */
  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }

  Answer call(URI endpoint, String action, ObjectNode request) throws InterruptedException {
    try {
      HttpRequest post =
          HttpRequest.newBuilder(endpoint)
              .timeout(LONGEST_CALL)
              .header("Content-Type", "application/x-amz-json-1.0")
              .header("X-Amz-Target", "AWSStepFunctions." + action)
              .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
              .build();
      HttpResponse<byte[]> response = http.send(post, BodyHandlers.ofByteArray());
      JsonNode members = JSON.readTree(response.body());
      if (response.statusCode() == 200) {
        return new Answer.Ok(members);
      }
      String type = members.path("__type").asText();
      return new Answer.Refused(
          response.statusCode(),
          type.substring(type.indexOf('#') + 1),
          members.path("message").asText(members.path("Message").asText()),
          response.headers().firstValue("Retry-After").isPresent());
    } catch (IOException e) {
      return new Answer.Unknown(e.toString());
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
