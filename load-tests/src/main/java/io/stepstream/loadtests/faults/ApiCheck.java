package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Lane;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** When all is at rest, every node tells the same as the topics. */
final class ApiCheck {

  /** A view may be so much behind. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

  private static final int SAMPLE = 30;

  private final Cluster cluster;
  private final Api api;
  private final Violations violations;

  ApiCheck(Cluster cluster, Api api, Violations violations) {
    this.cluster = cluster;
    this.api = api;
    this.violations = violations;
  }

  void check(Workload workload, Tail tail) throws InterruptedException {
    List<Start> ended =
        new ArrayList<>(
            workload.starts().stream()
                .filter(start -> start.arn() != null && tail.hasEnded(start))
                .toList());
    Collections.shuffle(ended, new Random(ended.size()));
    for (NodeMember node : cluster.nodes()) {
      for (Template template : Template.values()) {
        if (template.lane() == Lane.STANDARD) {
          nothingRuns(node.endpoint(), workload.machine(template), tail, workload);
        }
      }
      for (Start start : ended.subList(0, Math.min(SAMPLE, ended.size()))) {
        described(node.endpoint(), start);
      }
    }
  }

  /** Nothing is listed as running that has ended. */
  private void nothingRuns(URI endpoint, String machine, Tail tail, Workload workload)
      throws InterruptedException {
    ObjectNode list =
        Api.request()
            .put("stateMachineArn", machine)
            .put("statusFilter", "RUNNING")
            .put("maxResults", 100);
    long deadline = System.nanoTime() + LONGEST_LAG.toNanos();
    List<String> phantoms = List.of();
    do {
      JsonNode page = call(endpoint, "ListExecutions", list);
      phantoms =
          page.path("executions").findValuesAsText("name").stream()
              .filter(name -> isEnded(name, tail, workload))
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

  private static boolean isEnded(String name, Tail tail, Workload workload) {
    Start start = workload.start(name);
    return start != null && tail.hasEnded(start);
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
    for (JsonNode event : history.path("events")) {
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
  }

  /** The answer of this node; asks again while it says "not now". */
  private JsonNode call(URI endpoint, String action, ObjectNode request)
      throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_LAG.toNanos();
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
