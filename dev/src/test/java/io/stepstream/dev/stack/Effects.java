package io.stepstream.dev.stack;

import static io.stepstream.dev.stack.ActionTable.request;
import static io.stepstream.dev.stack.ActionTable.texts;
import static io.stepstream.dev.stack.Subjects.activity;
import static io.stepstream.dev.stack.Subjects.execution;
import static io.stepstream.dev.stack.Subjects.machine;
import static io.stepstream.dev.stack.Subjects.numbered;
import static io.stepstream.dev.stack.Subjects.qualified;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.stack.Callers.Done;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** That each call which was answered has had its effect, and once. */
final class Effects {

  private final List<Node> nodes;
  private final Callers callers;
  private final Subjects subjects;

  Effects(List<Node> nodes, Callers callers, Subjects subjects) {
    this.nodes = nodes;
    this.callers = callers;
    this.subjects = subjects;
  }

  /** What one node has changed the others tell a moment later. */
  void check() {
    for (Node node : nodes) {
      Awaitility.await("effects as " + node + " tells them")
          .atMost(Node.PATIENCE)
          .pollInSameThread()
          .pollInterval(Node.PAUSE)
          .untilAsserted(
              () -> {
                executions(node);
                tasks(node);
                definitions(node);
                deletions(node);
              });
    }
  }

  private void executions(Node node) throws Exception {
    assertThat(texts(list(node, "ListExecutions", "started").path("executions"), "executionArn"))
        .containsExactlyInAnyOrderElementsOf(
            indexes("StartExecution").stream().map(i -> execution("started", "x-" + i)).toList());
    for (int i : indexes("StopExecution")) {
      assertThat(history(node, "stopped", i))
          .containsExactly("ExecutionStarted", "WaitStateEntered", "ExecutionAborted");
    }
    for (int i : indexes("RedriveExecution")) {
      assertThat(history(node, "redriven", i))
          .containsExactly(
              "ExecutionStarted", "WaitStateEntered", "ExecutionAborted", "ExecutionRedriven");
      assertThat(node.describe(execution("redriven", "x-" + i)).path("redriveCount").asInt())
          .isEqualTo(1);
    }
    for (int place = 0; place < nodes.size(); place++) {
      assertThat(
              node.call("DescribeMapRun", request().put("mapRunArn", subjects.mapRuns().get(place)))
                  .path("maxConcurrency")
                  .asInt())
          .isEqualTo(Subjects.ITEMS + last("UpdateMapRun", place));
    }
  }

  private void tasks(Node node) throws Exception {
    List<String> given = callers.changes("GetActivityTask").stream().map(Done::token).toList();
    assertThat(given).doesNotHaveDuplicates();
    int begun = 0;
    for (int i = 0; i < subjects.calls(); i++) {
      begun += Collections.frequency(history(node, "polls", i), "ActivityStarted");
    }
    assertThat(begun).as("tasks that were given to somebody").isEqualTo(given.size());
    List<JsonNode> ended =
        list(node, "ListExecutions", "works").path("executions").valueStream().toList();
    List<Integer> succeeded = indexes("SendTaskSuccess");
    List<Integer> failed = indexes("SendTaskFailure");
    assertThat(ended.stream().filter(e -> e.path("status").asText().equals("SUCCEEDED")))
        .hasSize(succeeded.size());
    assertThat(ended.stream().filter(e -> e.path("status").asText().equals("FAILED")))
        .hasSize(failed.size());
  }

  private void definitions(Node node) throws Exception {
    for (int i : indexes("CreateStateMachine")) {
      assertThat(describe(node, "created-" + i).path("definition").asText()).isEqualTo(numbered(i));
    }
    for (int i : indexes("PublishStateMachineVersion")) {
      assertThat(
              list(node, "ListStateMachineVersions", "publish-" + i).path("stateMachineVersions"))
          .hasSize(1);
    }
    for (int place = 0; place < nodes.size(); place++) {
      assertThat(describe(node, "updated-" + place).path("definition").asText())
          .isEqualTo(numbered(last("UpdateStateMachine", place)));
      assertThat(
              node.call(
                      "DescribeStateMachineAlias",
                      request()
                          .put("stateMachineAliasArn", qualified("aliased", "updated-" + place)))
                  .path("description")
                  .asText())
          .isEqualTo("call " + last("UpdateStateMachineAlias", place));
    }
    assertThat(
            texts(
                node.call("ListTagsForResource", request().put("resourceArn", machine("tagged")))
                    .path("tags"),
                "value"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, nodes.size())
                .mapToObj(place -> "call-" + last("TagResource", place))
                .toList());
    for (int i : indexes("CreateActivity")) {
      node.call("DescribeActivity", request().put("activityArn", activity("created-" + i)));
    }
  }

  private void deletions(Node node) throws Exception {
    assertThat(texts(list(node, "ListStateMachines", null).path("stateMachines"), "name"))
        .doesNotContainAnyElementsOf(named("DeleteStateMachine"));
    assertThat(texts(list(node, "ListActivities", null).path("activities"), "name"))
        .doesNotContainAnyElementsOf(named("DeleteActivity"));
    assertThat(
            texts(
                list(node, "ListStateMachineVersions", "versioned").path("stateMachineVersions"),
                "stateMachineVersionArn"))
        .hasSize(subjects.calls() + 1 - indexes("DeleteStateMachineVersion").size());
    assertThat(
            texts(
                list(node, "ListStateMachineAliases", "aliased").path("stateMachineAliases"),
                "stateMachineAliasArn"))
        .hasSize(
            nodes.size()
                + subjects.calls()
                + indexes("CreateStateMachineAlias").size()
                - indexes("DeleteStateMachineAlias").size());
    assertThat(
            node.call("ListTagsForResource", request().put("resourceArn", machine("untagged")))
                .path("tags"))
        .hasSize(subjects.calls() + 1 - indexes("UntagResource").size());
  }

  private List<String> named(String action) {
    return indexes(action).stream().map(i -> "delete-" + i).toList();
  }

  private List<Integer> indexes(String action) {
    return callers.changes(action).stream().map(done -> done.turn().index()).toList();
  }

  private int last(String action, int place) {
    return callers.changes(action).stream()
        .filter(done -> done.turn().node() == place)
        .toList()
        .getLast()
        .turn()
        .index();
  }

  private static JsonNode describe(Node node, String name) throws Exception {
    return node.call("DescribeStateMachine", request().put("stateMachineArn", machine(name)));
  }

  private static JsonNode list(Node node, String action, String machine) throws Exception {
    ObjectNode request = request().put("maxResults", 1000);
    return node.call(
        action, machine == null ? request : request.put("stateMachineArn", machine(machine)));
  }

  private static List<String> history(Node node, String machine, int index) throws Exception {
    return texts(
        node.call(
                "GetExecutionHistory",
                request().put("executionArn", execution(machine, "x-" + index)))
            .path("events"),
        "type");
  }
}
