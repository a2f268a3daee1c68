package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the Standard lane: a SIGKILL loses nothing and repeats nothing. */
final class KillIT {
  private static final int EXECUTIONS = 200;

  private static final String MACHINE =
      """
      {
        "StartAt": "Settle",
        "States": {
          "Settle": { "Type": "Wait", "SecondsPath": "$.first", "Next": "Quote" },
          "Quote": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:quote-price",
            "ResultPath": "$.quote",
            "Next": "Pause"
          },
          "Pause": { "Type": "Wait", "SecondsPath": "$.second", "Next": "Reserve" },
          "Reserve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": { "FunctionName": "reserve-stock", "Payload.$": "$" },
            "OutputPath": "$.Payload",
            "End": true
          }
        }
      }
      """;

  @Test
  void shouldEndEveryExecutionExactlyOnceAfterSigkill(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    List<String> arns;
    Instant killed;

    // given 200 executions, some waiting, some with a worker, some ended
    try (StepstreamProcess first = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(first.endpoint())) {
      arns = startAll(client);

      // when the process is killed
      killed = Instant.now();
      first.kill();
    }

    // then, after a restart, all of them end well
    try (StepstreamProcess second = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(second.endpoint())) {
      awaitAllEnded(client, arns);
      int underWay = 0;
      for (String arn : arns) {
        JsonNode execution = describe(client, arn);
        assertThat(execution.path("status").asText()).as(arn).isEqualTo("SUCCEEDED");
        underWay += execution.path("stopDate").asDouble() * 1000 > killed.toEpochMilli() ? 1 : 0;
        assertGaplessHistory(client, arn);
      }
      assertThat(underWay).as("executions under way at the kill").isGreaterThan(EXECUTIONS / 4);
      assertTransitionsOnTheTopic(second.bootstrapServers(), arns);
      assertOneCompletionEach(second.bootstrapServers(), arns);
    }
  }

  private static List<String> startAll(StepFunctionsClient client) throws Exception {
    String machine =
        client
            .call(
                "CreateStateMachine",
                StepFunctionsClient.request()
                    .put("name", "kill")
                    .put("roleArn", "arn:aws:iam::123456789012:role/any")
                    .put("definition", MACHINE))
            .path("stateMachineArn")
            .asText();
    List<Callable<String>> starts = new ArrayList<>();
    for (int i = 0; i < EXECUTIONS; i++) {
      ObjectNode input = StepFunctionsClient.request();
      input.put("product", "p").put("quantity", i);
      input.put("orderId", "O-" + i).put("lineNumber", i);
      input.put("first", i % 4).put("second", 1 + i % 6);
      ObjectNode start =
          StepFunctionsClient.request()
              .put("stateMachineArn", machine)
              .put("name", "kill-" + i)
              .put("input", input.toString());
      starts.add(() -> client.call("StartExecution", start).path("executionArn").asText());
    }
    List<String> arns = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(16)) {
      for (Future<String> started : pool.invokeAll(starts)) {
        arns.add(started.get());
      }
    }
    return arns;
  }

  private static void awaitAllEnded(StepFunctionsClient client, List<String> arns) {
    List<String> open = new ArrayList<>(arns);
    Awaitility.await("all executions end")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              while (!open.isEmpty()
                  && !describe(client, open.getLast()).path("status").asText().equals("RUNNING")) {
                open.removeLast();
              }
              return open.isEmpty();
            });
  }

  private static JsonNode describe(StepFunctionsClient client, String arn) throws Exception {
    return client.call("DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
  }

  private static void assertGaplessHistory(StepFunctionsClient client, String arn) {
    // The view of histories follows the topic, a moment behind the execution's own state.
    Awaitility.await("history of " + arn)
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> {
              List<Long> ids = new ArrayList<>();
              List<String> types = new ArrayList<>();
              JsonNode page =
                  client.call(
                      "GetExecutionHistory",
                      StepFunctionsClient.request().put("executionArn", arn));
              for (JsonNode event : page.path("events")) {
                ids.add(event.path("id").asLong());
                types.add(event.path("type").asText());
              }
              assertThat(types).endsWith("ExecutionSucceeded");
              assertThat(ids).isEqualTo(LongStream.rangeClosed(1, ids.size()).boxed().toList());
              assertThat(types).filteredOn(KillIT::isTerminal).hasSize(1);
              assertThat(types).filteredOn("TaskStateExited"::equals).hasSize(2);
            });
  }

  private static void assertTransitionsOnTheTopic(String bootstrapServers, List<String> arns) {
    String topic = LaneTopics.of(Lane.STANDARD).history();
    Map<String, TreeMap<Long, Integer>> idsOf = new HashMap<>();
    Map<String, Integer> terminals = new HashMap<>();
    for (HistoryRecord transition :
        CommittedRecords.values(bootstrapServers, topic, HistoryRecord.class)) {
      for (HistoryEvent event : transition.getEvents()) {
        idsOf
            .computeIfAbsent(transition.getExecutionArn(), _ -> new TreeMap<>())
            .merge(event.getId(), 1, Integer::sum);
        if (isTerminal(event.getType().name())) {
          terminals.merge(transition.getExecutionArn(), 1, Integer::sum);
        }
      }
    }
    for (String arn : arns) {
      TreeMap<Long, Integer> ids = idsOf.get(arn);
      assertThat(ids).as("each event of %s once", arn).isNotNull();
      assertThat(ids.values()).as("each event of %s once", arn).containsOnly(1);
      assertThat(ids.lastKey()).as("no gap in %s", arn).isEqualTo(ids.size());
      assertThat(terminals).containsEntry(arn, 1);
    }
  }

  private static void assertOneCompletionEach(String bootstrapServers, List<String> arns) {
    Map<String, Integer> completions = new HashMap<>();
    for (ExecutionCompleted completed :
        CommittedRecords.values(bootstrapServers, Topics.COMPLETIONS, ExecutionCompleted.class)) {
      completions.merge(completed.getExecutionArn(), 1, Integer::sum);
    }
    assertThat(completions).containsOnlyKeys(arns);
    assertThat(completions.values()).containsOnly(1);
  }

  private static boolean isTerminal(String type) {
    return switch (type) {
      case "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted" -> true;
      default -> false;
    };
  }
}
