package io.stepstream.dev.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of AWS Batch as a job needs; jobs end when a test says so. Of STS, as much as a role
 * needs.
 */
final class BatchServer implements AutoCloseable {

  /** What the role's credentials consist of; only Batch and STS may ever see them. */
  static final List<String> SECRETS =
      List.of("ASIAOFTHEROLE", "secret-key-of-the-role", "session-token-of-the-role");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CREDENTIALS =
      """
      <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
      <AssumedRoleUser><Arn>arn:aws:sts::2:assumed-role/any/lent</Arn><AssumedRoleId>A:lent</AssumedRoleId></AssumedRoleUser><Credentials>
      <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
      """
          .formatted(SECRETS.toArray());

  /**
   * The names of the jobs, in the order of their submission. A job's id is its name and its number.
   */
  final List<String> submitted = new CopyOnWriteArrayList<>();

  /** The ids of jobs that were terminated. */
  final List<String> terminated = new CopyOnWriteArrayList<>();

  /** The access keys that calls were signed with, by the job that they concerned. */
  private final Map<String, Set<String>> keys = new ConcurrentHashMap<>();

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
        "AWS_ENDPOINT_URL_STS", stub.endpoint().toString(),
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

  /** The access keys of all that was asked of the job. */
  Set<String> keys(String name) {
    return keys.getOrDefault(name, Set.of());
  }

  private void sign(HttpExchange exchange, String name) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    keys.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet())
        .add(authorization.replaceAll(".*Credential=([^/]*)/.*", "$1"));
  }

  private static String nameOf(String id) {
    return id.substring(0, id.lastIndexOf('-'));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestURI().getPath().equals("/")) {
      HttpStub.send(exchange, 200, CREDENTIALS);
      return;
    }
    JsonNode asked = JSON.readTree(body);
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/submitjob" -> {
        String name = asked.path("jobName").asText();
        submitted.add(name);
        sign(exchange, name);
        long number = submitted.stream().filter(name::equals).count();
        HttpStub.send(
            exchange,
            200,
            "{\"jobName\":\"%s\",\"jobId\":\"%s-%d\"}".formatted(name, name, number));
      }
      case "/v1/describejobs" -> {
        String id = asked.path("jobs").path(0).asText();
        String name = nameOf(id);
        sign(exchange, name);
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
        String id = asked.path("jobId").asText();
        sign(exchange, nameOf(id));
        terminated.add(id);
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
