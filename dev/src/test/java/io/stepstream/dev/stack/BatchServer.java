package io.stepstream.dev.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of AWS Batch as a job needs; jobs end when a test says so. */
final class BatchServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The names of the jobs, in the order of their submission. A job's id is its name and its number.
   */
  final List<String> submitted = new CopyOnWriteArrayList<>();

  /** The ids of jobs that were terminated. */
  final List<String> terminated = new CopyOnWriteArrayList<>();

  private final Map<String, String> statuses = new ConcurrentHashMap<>();
  private final Map<String, Integer> looks = new ConcurrentHashMap<>();
  private final HttpStub stub;

  BatchServer() throws IOException {
    stub = new HttpStub((exchange, _) -> answer(exchange));
  }

  /** The settings of a worker whose AWS Batch this is. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_BATCH", stub.endpoint().toString(),
        "AWS_REGION", "us-east-1",
        "AWS_ACCESS_KEY_ID", "any",
        "AWS_SECRET_ACCESS_KEY", "any");
  }

  void ends(String name, String status) {
    statuses.put(name, status);
  }

  /** How often somebody has asked for the job. */
  int looks(String name) {
    return looks.getOrDefault(name, 0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/submitjob" -> {
        String name = asked.path("jobName").asText();
        submitted.add(name);
        long number = submitted.stream().filter(name::equals).count();
        HttpStub.send(
            exchange,
            200,
            "{\"jobName\":\"%s\",\"jobId\":\"%s-%d\"}".formatted(name, name, number));
      }
      case "/v1/describejobs" -> {
        String id = asked.path("jobs").path(0).asText();
        String name = id.substring(0, id.lastIndexOf('-'));
        int look = looks.merge(name, 1, Integer::sum);
        if (look == 1) {
          exchange.getResponseHeaders().set("x-amzn-ErrorType", "TooManyRequestsException");
          HttpStub.send(exchange, 429, "{\"message\":\"slow down\"}");
        } else {
          HttpStub.send(
              exchange,
              200,
              "{\"jobs\":[{\"jobId\":\"%s\",\"status\":\"%s\"}]}"
                  .formatted(id, statuses.getOrDefault(name, "RUNNING")));
        }
      }
      case "/v1/terminatejob" -> {
        terminated.add(asked.path("jobId").asText());
        HttpStub.send(exchange, 200, "{}");
      }
      default -> HttpStub.send(exchange, 404, "{}");
    }
  }

  @Override
  public void close() {
    stub.close();
  }
}
