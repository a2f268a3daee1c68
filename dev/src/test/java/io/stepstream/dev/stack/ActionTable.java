package io.stepstream.dev.stack;

import static io.stepstream.dev.stack.ActionRow.changes;
import static io.stepstream.dev.stack.ActionRow.reads;
import static io.stepstream.dev.stack.ActionRow.refused;
import static io.stepstream.dev.stack.Subjects.KEPT;
import static io.stepstream.dev.stack.Subjects.KEPT_DEFINITION;
import static io.stepstream.dev.stack.Subjects.PASS;
import static io.stepstream.dev.stack.Subjects.ROLE;
import static io.stepstream.dev.stack.Subjects.activity;
import static io.stepstream.dev.stack.Subjects.execution;
import static io.stepstream.dev.stack.Subjects.machine;
import static io.stepstream.dev.stack.Subjects.mapped;
import static io.stepstream.dev.stack.Subjects.numbered;
import static io.stepstream.dev.stack.Subjects.open;
import static io.stepstream.dev.stack.Subjects.qualified;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.stack.ActionRow.Check;
import io.stepstream.dev.stack.ActionRow.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Calls of all actions there are, each at least once with an answer that is no refusal. */
final class ActionTable {

  /** All of it on one page. */
  private static final int MOST = 1000;

  private static final Check EMPTY = (answer, _) -> assertThat(answer.isEmpty()).isTrue();

  private ActionTable() {}

  static List<ActionRow> of(Subjects subjects) {
    return Stream.of(
            machines(),
            versions(),
            activities(),
            tasks(subjects),
            executions(),
            mapRuns(subjects),
            tags(),
            checks(),
            refusals())
        .flatMap(List::stream)
        .toList();
  }

  static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  static ObjectNode routed(ObjectNode request, String version) {
    request
        .putArray("routingConfiguration")
        .addObject()
        .put("stateMachineVersionArn", version)
        .put("weight", 100);
    return request;
  }

  static ObjectNode tagged(ObjectNode request, String key, String value) {
    request.withArray("tags").addObject().put("key", key).put("value", value);
    return request;
  }

  static List<String> texts(JsonNode array, String member) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.path(member).asText()));
    return texts;
  }

  private static List<ActionRow> machines() {
    return List.of(
        changes(
            "CreateStateMachine",
            call ->
                request()
                    .put("name", "created-" + call.index())
                    .put("roleArn", ROLE)
                    .put("definition", numbered(call.index())),
            (answer, call) -> has(answer, "stateMachineArn", machine("created-" + call.index()))),
        changes(
            "UpdateStateMachine",
            call ->
                request()
                    .put("stateMachineArn", machine("updated-" + call.node()))
                    .put("definition", numbered(call.index())),
            (answer, _) -> assertThat(answer.path("revisionId").asText()).isNotEmpty()),
        changes(
            "DeleteStateMachine",
            call -> request().put("stateMachineArn", machine("delete-" + call.index())),
            EMPTY),
        reads(
            "DescribeStateMachine",
            _ -> request().put("stateMachineArn", machine(KEPT)),
            (answer, _) -> {
              has(answer, "definition", KEPT_DEFINITION);
              has(answer, "status", "ACTIVE");
            }),
        reads(
            "DescribeStateMachineForExecution",
            call -> request().put("executionArn", open(call.index())),
            (answer, _) -> {
              has(answer, "stateMachineArn", machine(KEPT));
              has(answer, "definition", KEPT_DEFINITION);
            }),
        reads(
            "ListStateMachines",
            _ -> request().put("maxResults", MOST),
            (answer, _) ->
                assertThat(texts(answer.path("stateMachines"), "name"))
                    .contains(KEPT, "sync", "started", "mapped")
                    .doesNotHaveDuplicates()));
  }

  private static List<ActionRow> versions() {
    return List.of(
        changes(
            "PublishStateMachineVersion",
            call -> request().put("stateMachineArn", machine("publish-" + call.index())),
            (answer, call) ->
                has(answer, "stateMachineVersionArn", qualified("publish-" + call.index(), 1))),
        changes(
            "DeleteStateMachineVersion",
            call ->
                request().put("stateMachineVersionArn", qualified("versioned", call.index() + 1)),
            EMPTY),
        reads(
            "ListStateMachineVersions",
            _ -> request().put("stateMachineArn", machine(KEPT)),
            (answer, _) ->
                assertThat(texts(answer.path("stateMachineVersions"), "stateMachineVersionArn"))
                    .containsExactly(qualified(KEPT, 1))),
        changes(
            "CreateStateMachineAlias",
            call ->
                routed(request().put("name", "created-" + call.index()), qualified("aliased", 1)),
            (answer, call) ->
                has(
                    answer,
                    "stateMachineAliasArn",
                    qualified("aliased", "created-" + call.index()))),
        changes(
            "UpdateStateMachineAlias",
            call ->
                request()
                    .put("stateMachineAliasArn", qualified("aliased", "updated-" + call.node()))
                    .put("description", "call " + call.index()),
            (answer, _) -> assertThat(answer.has("updateDate")).isTrue()),
        changes(
            "DeleteStateMachineAlias",
            call ->
                request()
                    .put("stateMachineAliasArn", qualified("aliased", "delete-" + call.index())),
            EMPTY),
        reads(
            "DescribeStateMachineAlias",
            _ -> request().put("stateMachineAliasArn", qualified(KEPT, "live")),
            (answer, _) ->
                assertThat(texts(answer.path("routingConfiguration"), "stateMachineVersionArn"))
                    .containsExactly(qualified(KEPT, 1))),
        reads(
            "ListStateMachineAliases",
            _ -> request().put("stateMachineArn", machine(KEPT)),
            (answer, _) ->
                assertThat(texts(answer.path("stateMachineAliases"), "stateMachineAliasArn"))
                    .containsExactly(qualified(KEPT, "live"))));
  }

  private static List<ActionRow> activities() {
    return List.of(
        changes(
            "CreateActivity",
            call -> request().put("name", "created-" + call.index()),
            (answer, call) -> has(answer, "activityArn", activity("created-" + call.index()))),
        changes(
            "DeleteActivity",
            call -> request().put("activityArn", activity("delete-" + call.index())),
            EMPTY),
        reads(
            "DescribeActivity",
            _ -> request().put("activityArn", activity("worked")),
            (answer, _) -> has(answer, "name", "worked")),
        reads(
            "ListActivities",
            _ -> request().put("maxResults", MOST),
            (answer, _) ->
                assertThat(texts(answer.path("activities"), "name"))
                    .contains("worked", "polled")
                    .doesNotHaveDuplicates()));
  }

  private static List<ActionRow> tasks(Subjects subjects) {
    return List.of(
        new ActionRow(
            "GetActivityTask",
            true,
            _ -> request().put("activityArn", activity("polled")),
            new Right.Perhaps("taskToken", (answer, _) -> has(answer, "input", "{\"polled\":1}")),
            Set.of()),
        changes(
                "SendTaskSuccess",
                call ->
                    request()
                        .put("taskToken", subjects.toSucceed().get(call.index()))
                        .put("output", "{\"n\":" + call.index() + "}"),
                EMPTY)
            .orAfterRepeat("TaskTimedOut"),
        changes(
                "SendTaskFailure",
                call ->
                    request()
                        .put("taskToken", subjects.toFail().get(call.index()))
                        .put("error", "E" + call.index()),
                EMPTY)
            .orAfterRepeat("TaskTimedOut"),
        reads(
            "SendTaskHeartbeat",
            call ->
                request()
                    .put(
                        "taskToken",
                        subjects.toBeat().get(call.index() % subjects.toBeat().size())),
            EMPTY));
  }

  private static List<ActionRow> executions() {
    return List.of(
        changes(
            "StartExecution",
            call ->
                request()
                    .put("stateMachineArn", machine("started"))
                    .put("name", "x-" + call.index()),
            (answer, call) ->
                has(answer, "executionArn", execution("started", "x-" + call.index()))),
        reads(
            "StartSyncExecution",
            call ->
                request()
                    .put("stateMachineArn", machine("sync"))
                    .put("input", "{\"n\":" + call.index() + "}"),
            (answer, call) -> {
              has(answer, "status", "SUCCEEDED");
              has(answer, "output", "{\"n\":" + call.index() + "}");
            }),
        changes(
            "StopExecution",
            call -> request().put("executionArn", execution("stopped", "x-" + call.index())),
            (answer, _) -> assertThat(answer.has("stopDate")).isTrue()),
        changes(
                "RedriveExecution",
                call -> request().put("executionArn", execution("redriven", "x-" + call.index())),
                (answer, _) -> assertThat(answer.has("redriveDate")).isTrue())
            .orAfterRepeat("ExecutionNotRedrivable"),
        reads(
            "DescribeExecution",
            call -> request().put("executionArn", open(call.index())),
            (answer, call) -> {
              has(answer, "executionArn", open(call.index()));
              has(answer, "status", "RUNNING");
            }),
        reads(
            "GetExecutionHistory",
            call -> request().put("executionArn", open(call.index())),
            (answer, _) ->
                assertThat(texts(answer.path("events"), "type"))
                    .containsExactly("ExecutionStarted", "WaitStateEntered")),
        reads(
            "ListExecutions",
            _ -> request().put("stateMachineArn", machine(KEPT)).put("maxResults", MOST),
            (answer, _) ->
                assertThat(texts(answer.path("executions"), "executionArn"))
                    .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, Subjects.OPEN).mapToObj(Subjects::open).toList())));
  }

  private static List<ActionRow> mapRuns(Subjects subjects) {
    return List.of(
        reads(
            "ListMapRuns",
            call -> request().put("executionArn", mapped(call.index())),
            (answer, call) ->
                assertThat(texts(answer.path("mapRuns"), "mapRunArn"))
                    .containsExactly(
                        subjects.mapRuns().get(call.index() % subjects.mapRuns().size()))),
        reads(
            "DescribeMapRun",
            call ->
                request()
                    .put(
                        "mapRunArn",
                        subjects.mapRuns().get(call.index() % subjects.mapRuns().size())),
            (answer, call) -> {
              has(answer, "executionArn", mapped(call.index()));
              has(answer, "status", "RUNNING");
              assertThat(answer.at("/itemCounts/total").asInt()).isEqualTo(Subjects.ITEMS);
            }),
        reads(
            "ListExecutions",
            call ->
                request()
                    .put(
                        "mapRunArn",
                        subjects.mapRuns().get(call.index() % subjects.mapRuns().size())),
            (answer, _) ->
                assertThat(texts(answer.path("executions"), "status"))
                    .hasSize(Subjects.ITEMS)
                    .containsOnly("RUNNING")),
        changes(
            "UpdateMapRun",
            call ->
                request()
                    .put("mapRunArn", subjects.mapRuns().get(call.node()))
                    .put("maxConcurrency", Subjects.ITEMS + call.index()),
            EMPTY));
  }

  private static List<ActionRow> tags() {
    return List.of(
        changes(
            "TagResource",
            call ->
                tagged(
                    request().put("resourceArn", machine("tagged")),
                    "node-" + call.node(),
                    "call-" + call.index()),
            EMPTY),
        changes(
            "UntagResource",
            call -> {
              ObjectNode request = request().put("resourceArn", machine("untagged"));
              request.putArray("tagKeys").add("tag-" + call.index());
              return request;
            },
            EMPTY),
        reads(
            "ListTagsForResource",
            _ -> request().put("resourceArn", machine(KEPT)),
            (answer, _) ->
                assertThat(texts(answer.path("tags"), "value")).containsExactly("orders")));
  }

  private static List<ActionRow> checks() {
    return List.of(
        reads(
            "TestState",
            call ->
                request()
                    .put("definition", "{\"Type\":\"Pass\",\"Next\":\"Other\"}")
                    .put("input", "{\"n\":" + call.index() + "}"),
            (answer, call) -> has(answer, "output", "{\"n\":" + call.index() + "}")),
        reads(
            "ValidateStateMachineDefinition",
            _ -> request().put("definition", PASS),
            (answer, _) -> has(answer, "result", "OK")));
  }

  /** What does not exist, and what can't be, is said so or not at all. */
  private static List<ActionRow> refusals() {
    return List.of(
        refused(
            "DescribeExecution",
            call -> request().put("executionArn", execution(KEPT, "none-" + call.index())),
            "ExecutionDoesNotExist"),
        refused(
            "StopExecution",
            call -> request().put("executionArn", execution(KEPT, "none-" + call.index())),
            "ExecutionDoesNotExist"),
        refused(
            "RedriveExecution",
            call -> request().put("executionArn", open(call.index())),
            "ExecutionNotRedrivable"),
        refused(
            "StartExecution",
            call ->
                request()
                    .put("stateMachineArn", machine(KEPT))
                    .put("name", "open-" + call.index() % Subjects.OPEN)
                    .put("input", "{\"another\":" + call.index() + "}"),
            "ExecutionAlreadyExists"),
        refused(
            "DescribeStateMachine",
            call -> request().put("stateMachineArn", machine("none-" + call.index())),
            "StateMachineDoesNotExist"),
        refused(
            "DeleteStateMachineVersion",
            _ -> request().put("stateMachineVersionArn", qualified(KEPT, 1)),
            "ConflictException"),
        refused(
            "SendTaskHeartbeat",
            call -> request().put("taskToken", "forged-" + call.index()),
            "InvalidToken"));
  }

  private static void has(JsonNode answer, String member, String value) {
    assertThat(answer.path(member).asText()).as("%s of %s", member, answer).isEqualTo(value);
  }
}
