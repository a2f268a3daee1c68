package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** When all is at rest, every node tells the same as the topics. */
final class ApiCheck {

  /** A view may be so much behind. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

  private static final int SAMPLE = 30;

  /** What a history ends with. */
  private static final Set<String> ENDS =
      Set.of("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted");

  private final List<URI> endpoints;
  private final Api api;
  private final Violations violations;
  private final Duration longestLag;

  /**
   * @param endpoints of all nodes
   */
  ApiCheck(List<URI> endpoints, Api api, Violations violations) {
    this(endpoints, api, violations, LONGEST_LAG);
  }

  /**
   * @param longestLag what a view may be behind, and a node say "not now"
   */
  ApiCheck(List<URI> endpoints, Api api, Violations violations, Duration longestLag) {
    this.endpoints = List.copyOf(endpoints);
    this.api = api;
    this.violations = violations;
    this.longestLag = longestLag;
  }

  /**
   * @param ended Standard executions that have, by the topics
   */
  void check(Collection<Start> ended) throws InterruptedException {
    Map<String, Set<String>> names = new TreeMap<>();
    for (Start start : ended) {
      names.computeIfAbsent(start.stateMachineArn(), _ -> new HashSet<>()).add(start.name());
    }
    List<Start> sample = new ArrayList<>(ended);
    Collections.shuffle(sample, new Random(ended.size()));
    for (URI endpoint : endpoints) {
      for (Map.Entry<String, Set<String>> machine : names.entrySet()) {
        nothingRuns(endpoint, machine.getKey(), machine.getValue());
      }
      for (Start start : sample.subList(0, Math.min(SAMPLE, sample.size()))) {
        described(endpoint, start);
      }
    }
  }

  /** Nothing is listed as running that has ended. */
  private void nothingRuns(URI endpoint, String machine, Set<String> ended)
      throws InterruptedException {
    ObjectNode list =
        Api.request()
            .put("stateMachineArn", machine)
            .put("statusFilter", "RUNNING")
            .put("maxResults", 100);
    long deadline = System.nanoTime() + longestLag.toNanos();
    List<String> phantoms = List.of();
    do {
      JsonNode page = call(endpoint, "ListExecutions", list);
      phantoms =
          page.path("executions").findValuesAsText("name").stream()
              .filter(ended::contains)
              .toList();
      if (phantoms.isEmpty()) {
        return;
      }
      Thread.sleep(500);
    } while (System.nanoTime() < deadline);
    violations.add(
        "",
        new Violation(
            Invariant.I9,
            machine,
            "%s lists %s as running, which have ended".formatted(endpoint, phantoms)));
  }

  private void described(URI endpoint, Start start) throws InterruptedException {
    JsonNode described =
        call(endpoint, "DescribeExecution", Api.request().put("executionArn", start.arn()));
    String status = described.path("status").asText();
    if (start.expected().statuses().stream().noneMatch(each -> each.name().equals(status))) {
      violations.add(
          start.during(),
          new Violation(
              Invariant.I9, start.arn(), "%s describes it as %s".formatted(endpoint, described)));
    }
    JsonNode history =
        call(
            endpoint,
            "GetExecutionHistory",
            Api.request().put("executionArn", start.arn()).put("maxResults", 1_000));
    long next = 1;
    String latest = "";
    for (JsonNode event : history.path("events")) {
      latest = event.path("type").asText();
      if (event.path("id").asLong() != next++) {
        violations.add(
            start.during(),
            new Violation(
                Invariant.I9,
                start.arn(),
                "%s tells event %d where %d should be"
                    .formatted(endpoint, event.path("id").asLong(), next - 1)));
        return;
      }
    }
    if (!history.hasNonNull("nextToken") && !ENDS.contains(latest)) {
      violations.add(
          start.during(),
          new Violation(
              Invariant.I9,
              start.arn(),
              "%s tells a history whose last event is '%s'".formatted(endpoint, latest)));
    }
  }

  /** The answer of this node; asks again while it says "not now". */
  private JsonNode call(URI endpoint, String action, ObjectNode request)
      throws InterruptedException {
    long deadline = System.nanoTime() + longestLag.toNanos();
    Api.Answer last;
    do {
      last = api.call(endpoint, action, request);
      if (last instanceof Api.Answer.Ok(JsonNode members)) {
        return members;
      }
      Thread.sleep(200);
    } while (System.nanoTime() < deadline);
    violations.add(
        "", new Violation(Invariant.I9, endpoint.toString(), "%s: %s".formatted(action, last)));
    return Api.request();
  }
}
