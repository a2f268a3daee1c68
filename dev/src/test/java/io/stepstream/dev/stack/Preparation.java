package io.stepstream.dev.stack;

import static io.stepstream.dev.stack.ActionTable.request;
import static io.stepstream.dev.stack.ActionTable.routed;
import static io.stepstream.dev.stack.ActionTable.tagged;
import static io.stepstream.dev.stack.Subjects.KEPT;
import static io.stepstream.dev.stack.Subjects.KEPT_DEFINITION;
import static io.stepstream.dev.stack.Subjects.PASS;
import static io.stepstream.dev.stack.Subjects.ROLE;
import static io.stepstream.dev.stack.Subjects.activity;
import static io.stepstream.dev.stack.Subjects.execution;
import static io.stepstream.dev.stack.Subjects.machine;
import static io.stepstream.dev.stack.Subjects.mapped;
import static io.stepstream.dev.stack.Subjects.numbered;
import static io.stepstream.dev.stack.Subjects.qualified;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Makes what the calls of the table are about, while all nodes are there. */
final class Preparation {

  private static final int AT_ONCE = 8;
  private static final String INPUT = "{\"polled\":1}";

  private final List<Node> nodes;
  private final int calls;

  /**
   * @param calls how many calls of a row that changes something there may be
   */
  Preparation(List<Node> nodes, int calls) {
    this.nodes = nodes;
    this.calls = calls;
  }

  Subjects subjects() throws Exception {
    define();
    starts(KEPT, "open-", Subjects.OPEN, "{}");
    starts("stopped", "x-", calls, "{}");
    starts("redriven", "x-", calls, "{}");
    inParallel(
        calls,
        (node, i) ->
            node.call(
                "StopExecution", request().put("executionArn", execution("redriven", "x-" + i))));
    starts("polls", "x-", calls, INPUT);
    starts("mapped", "x-", Subjects.MAPPED, "{}");
    starts("works", "x-", 2 * calls + nodes.size(), "{}");
    List<String> tokens = inParallel(2 * calls + nodes.size(), (node, _) -> token(node));
    return new Subjects(
        calls,
        inParallel(Subjects.MAPPED, this::mapRun),
        tokens.subList(0, calls),
        tokens.subList(calls, 2 * calls),
        tokens.subList(2 * calls, tokens.size()));
  }

  private void define() throws Exception {
    for (String name : List.of("worked", "polled")) {
      create("CreateActivity", request().put("name", name));
    }
    create(tagged(request().put("publish", true), "team", "orders"), KEPT, KEPT_DEFINITION);
    create("CreateStateMachineAlias", routed(request().put("name", "live"), qualified(KEPT, 1)));
    create(request().put("type", "EXPRESS"), "sync", PASS);
    for (String name : List.of("started", "stopped", "redriven")) {
      create(request(), name, KEPT_DEFINITION);
    }
    create(request(), "works", task("worked"));
    create(request(), "polls", task("polled"));
    create(request(), "mapped", map());
    create(request(), "tagged", PASS);
    ObjectNode untagged = request();
    for (int i = 0; i < calls; i++) {
      tagged(untagged, "tag-" + i, "any");
    }
    create(tagged(untagged, "stays", "any"), "untagged", PASS);
    create(request().put("publish", true), "versioned", numbered(0));
    create(request().put("publish", true), "aliased", PASS);
    for (int i = 0; i < nodes.size(); i++) {
      create(request(), "updated-" + i, PASS);
      alias("updated-" + i);
    }
    for (int i = 0; i < calls; i++) {
      create(request(), "delete-" + i, PASS);
      create(request(), "publish-" + i, PASS);
      alias("delete-" + i);
      create("CreateActivity", request().put("name", "delete-" + i));
      create(
          "UpdateStateMachine",
          request()
              .put("stateMachineArn", machine("versioned"))
              .put("definition", numbered(i + 1))
              .put("publish", true));
    }
  }

  private static String task(String activity) {
    return """
    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","End":true}}}\
    """
        .formatted(activity(activity));
  }

  private static String map() {
    return """
    {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Items":%s,"ItemProcessor":{
      "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
      "StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}}},
      "QueryLanguage":"JSONata"}\
    """
        .formatted(IntStream.range(0, Subjects.ITEMS).boxed().toList());
  }

  private void create(ObjectNode request, String name, String definition) throws Exception {
    create(
        "CreateStateMachine",
        request.put("name", name).put("roleArn", ROLE).put("definition", definition));
  }

  private void alias(String name) throws Exception {
    create("CreateStateMachineAlias", routed(request().put("name", name), qualified("aliased", 1)));
  }

  private void create(String action, ObjectNode request) throws Exception {
    nodes.getFirst().call(action, request);
  }

  private void starts(String machine, String prefix, int count, String input) throws Exception {
    inParallel(
        count,
        (node, i) ->
            node.call(
                "StartExecution",
                request()
                    .put("stateMachineArn", machine(machine))
                    .put("name", prefix + i)
                    .put("input", input)));
  }

  private static String token(Node node) {
    return Awaitility.await("a task")
        .atMost(Node.PATIENCE)
        .pollInSameThread()
        .pollDelay(Node.PAUSE)
        .until(
            () -> node.call("GetActivityTask", request().put("activityArn", activity("worked"))),
            answer -> answer.has("taskToken"))
        .path("taskToken")
        .asText();
  }

  private String mapRun(Node node, int index) {
    return Awaitility.await("a Map run")
        .atMost(Node.PATIENCE)
        .pollInSameThread()
        .pollDelay(Node.PAUSE)
        .until(
            () -> node.call("ListMapRuns", request().put("executionArn", mapped(index))),
            answer -> !answer.path("mapRuns").isEmpty())
        .at("/mapRuns/0/mapRunArn")
        .asText();
  }

  private interface OnNode<T> {
    T call(Node node, int index) throws Exception;
  }

  /** The results in the order of their indexes; the calls go round the nodes. */
  private <T> List<T> inParallel(int count, OnNode<T> call) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        futures.add(pool.submit(() -> call.call(nodes.get(index % nodes.size()), index)));
      }
      for (Future<T> future : futures) {
        results.add(future.get(Node.PATIENCE.toSeconds(), TimeUnit.SECONDS));
      }
    }
    return results;
  }
}
