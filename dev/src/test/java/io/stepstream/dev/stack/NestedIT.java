package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executions that start executions, over partitions and over a SIGKILL. */
final class NestedIT {

  private static final int PARENTS = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String WAIT =
      """
      {"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}\
      """;
  private static final String FAIL =
      """
      {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Boom","Cause":"why"}}}\
      """;
  private static final String PARENT =
      """
      {"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s","Parameters":{
          "StateMachineArn.$":"$.child","Input":{"seconds.$":"$.seconds"},"Name.$":"$.name"},
          "Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.caught","Next":"C"}],"End":true},
        "C":{"Type":"Pass","End":true}}}\
      """;

  @Test
  void shouldStartWaitForAndStopExecutions(@TempDir Path directory) throws Exception {
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint())) {
      String wait = machine(client, "wait", WAIT);
      String fail = machine(client, "fail", FAIL);
      String sync = machine(client, "sync", PARENT.formatted(".sync:2"));
      String request = machine(client, "request", PARENT.formatted(""));

      // a child that succeeds
      JsonNode succeeded = awaitEnd(client, start(client, sync, "a", input(wait, 1, "a")));
      assertThat(succeeded.path("status").asText()).isEqualTo("SUCCEEDED");
      JsonNode described = JSON.readTree(succeeded.path("output").asText());
      assertThat(described.path("Status").asText()).isEqualTo("SUCCEEDED");
      assertThat(described.path("Output").path("seconds").asInt()).isEqualTo(1);
      assertThat(status(client, described.path("ExecutionArn").asText())).isEqualTo("SUCCEEDED");

      // one that fails, and whose failure is caught
      JsonNode caught = awaitEnd(client, start(client, sync, "b", input(fail, 1, "b")));
      assertThat(caught.path("status").asText()).isEqualTo("SUCCEEDED");
      JsonNode cause =
          JSON.readTree(
              JSON.readTree(caught.path("output").asText()).path("caught").path("Cause").asText());
      assertThat(cause.path("Error").asText()).isEqualTo("Boom");

      // one whose name is taken
      JsonNode taken = awaitEnd(client, start(client, request, "c", input(fail, 1, "b")));
      assertThat(taken.path("output").asText())
          .contains("StepFunctions.ExecutionAlreadyExistsException");

      // one that is stopped with its parent
      String parent = start(client, sync, "d", input(wait, 3600, "d"));
      String child = execution(wait, "d");
      Awaitility.await(child).atMost(PATIENCE).until(() -> isThere(client, child));
      client.call("StopExecution", StepFunctionsClient.request().put("executionArn", parent));
      JsonNode stopped = awaitEnd(client, child);
      assertThat(stopped.path("status").asText()).isEqualTo("ABORTED");
      assertThat(stopped.path("cause").asText()).contains(parent);
    }
  }

  @Test
  void shouldEndEveryParentAndChildOnceAfterSigkill(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    List<String> parents = new ArrayList<>();
    List<String> all = new ArrayList<>();
    try (StepstreamProcess first = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(first.endpoint())) {
      String wait = machine(client, "wait", WAIT);
      String sync = machine(client, "sync", PARENT.formatted(".sync"));

      // given parents of which some have a child and some are about to
      for (int i = 0; i < PARENTS; i++) {
        parents.add(start(client, sync, "p" + i, input(wait, 2, "c" + i)));
        all.add(execution(wait, "c" + i));
      }
      all.addAll(parents);

      // when the process is killed
      first.kill();
    }

    // then all of them end, each of them once
    try (StepstreamProcess second = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(second.endpoint())) {
      for (String parent : parents) {
        JsonNode ended = awaitEnd(client, parent);
        assertThat(ended.path("output").asText()).contains("\"Status\":\"SUCCEEDED\"");
      }
      Map<String, Integer> completions = new HashMap<>();
      for (ExecutionCompleted completed :
          CommittedRecords.values(
              second.bootstrapServers(), Topics.COMPLETIONS, ExecutionCompleted.class)) {
        completions.merge(completed.getExecutionArn(), 1, Integer::sum);
      }
      assertThat(completions).containsOnlyKeys(all);
      assertThat(completions.values()).containsOnly(1);
    }
  }

  private static String input(String child, int seconds, String name) {
    ObjectNode input = StepFunctionsClient.request();
    return input.put("child", child).put("seconds", seconds).put("name", name).toString();
  }

  private static String execution(String machine, String name) {
    return machine.replace(":stateMachine:", ":execution:") + ':' + name;
  }

  private static String machine(StepFunctionsClient client, String name, String definition)
      throws Exception {
    ObjectNode create = StepFunctionsClient.request();
    create.put("name", name).put("roleArn", "arn:aws:iam::123456789012:role/any");
    return client
        .call("CreateStateMachine", create.put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  private static String start(StepFunctionsClient client, String machine, String name, String input)
      throws Exception {
    ObjectNode start = StepFunctionsClient.request();
    start.put("stateMachineArn", machine).put("name", name).put("input", input);
    return client.call("StartExecution", start).path("executionArn").asText();
  }

  private static JsonNode describe(StepFunctionsClient client, String arn) throws Exception {
    return client.call("DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
  }

  private static String status(StepFunctionsClient client, String arn) throws Exception {
    return describe(client, arn).path("status").asText();
  }

  private static boolean isThere(StepFunctionsClient client, String arn) throws Exception {
    ObjectNode list = StepFunctionsClient.request();
    list.put(
        "stateMachineArn", arn.replace(":execution:", ":stateMachine:").replaceAll(":[^:]+$", ""));
    return client.call("ListExecutions", list).toString().contains(arn);
  }

  private static JsonNode awaitEnd(StepFunctionsClient client, String arn) {
    return Awaitility.await(arn)
        .atMost(PATIENCE)
        .until(
            () -> describe(client, arn), found -> !found.path("status").asText().equals("RUNNING"));
  }
}
