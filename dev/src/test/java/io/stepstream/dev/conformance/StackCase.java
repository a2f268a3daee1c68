package io.stepstream.dev.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.testkit.conformance.ExecutionComparison;
import io.stepstream.testkit.conformance.ExecutionResult;
import io.stepstream.testkit.conformance.RecordedCase;
import io.stepstream.testkit.conformance.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One recorded case on a stack that it shares with the others. Its machine has a name of its own
 * there, since the recordings give the same names again and again; results are told with the
 * recorded one.
 */
final class StackCase {

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(100);

  /** The id which the recordings give to Express executions, where the service chose one. */
  private static final String EXPRESS_ID = "xuidq1";

  private final RecordedCase recorded;
  private final String machineName;
  private final StepFunctionsClient client;
  private final Map<String, String> children;

  StackCase(RecordedCase recorded, String machineName, StepFunctionsClient client) {
    this.recorded = recorded;
    this.machineName = machineName;
    this.client = client;
    this.children = startedMachines(recorded, machineName);
  }

  Verdict verdict() {
    try {
      return ExecutionComparison.of(recorded, run());
    } catch (ApiError | IOException | ConditionTimeoutException e) {
      return ExecutionComparison.broken(recorded, e.toString());
    }
  }

  /**
   * What the machines are called here that a case's executions start.
   *
   * @param machineName of the case's own
   * @return by their recorded names
   */
  static Map<String, String> startedMachines(RecordedCase recorded, String machineName) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Object machine : recorded.list("auxiliaryStateMachines")) {
      String arn = String.valueOf(((Map<?, ?>) machine).get("stateMachineArn"));
      names.put(
          arn.substring(arn.lastIndexOf(':') + 1),
          "%sstarts-%d-".formatted(machineName.replace("-case-", "-child-"), names.size()));
    }
    return names;
  }

  private String create(String name, String type, String definition) throws ApiError, IOException {
    return client
        .call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", name)
                .put("roleArn", recorded.roleArn())
                .put("type", type)
                .put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  private ExecutionResult run() throws ApiError, IOException {
    for (Object each : recorded.list("auxiliaryStateMachines")) {
      Map<?, ?> started = (Map<?, ?>) each;
      String arn = String.valueOf(started.get("stateMachineArn"));
      create(
          children.get(arn.substring(arn.lastIndexOf(':') + 1)),
          String.valueOf(started.get("type")),
          Json.encode(started.get("definition")));
    }
    String machine = create(machineName, recorded.machineType().name(), recorded.definition());
    String input = recorded.inputText(Instant.now());
    for (Map.Entry<String, String> name : children.entrySet()) {
      input = input.replace(name.getKey(), name.getValue());
    }
    boolean express = recorded.machineType() == MachineType.EXPRESS;
    JsonNode started =
        client.call(
            express ? "StartSyncExecution" : "StartExecution",
            StepFunctionsClient.request()
                .put("stateMachineArn", machine)
                .put("name", recorded.executionName())
                .put("input", input));
    String arn = started.path("executionArn").asText();
    if (express) {
      return result(started, List.of(), arn.substring(arn.lastIndexOf(':') + 1));
    }
    if (recorded.isStopped()) {
      awaitHistory(arn, recorded.history().size() - 1);
      client.call("StopExecution", StepFunctionsClient.request().put("executionArn", arn));
    }
    JsonNode ended =
        "RUNNING".equals(recorded.expect().get("status")) ? describe(arn) : awaitEnd(arn);
    return result(
        ended,
        recorded.history().isEmpty() ? List.of() : awaitHistory(arn, recorded.history().size()),
        null);
  }

  private JsonNode awaitEnd(String arn) {
    return Awaitility.await(arn)
        .pollInSameThread()
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .until(() -> describe(arn), found -> !found.path("status").asText().equals("RUNNING"));
  }

  private JsonNode describe(String arn) throws ApiError, IOException {
    return client.call("DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
  }

  /** The view of histories follows the topic, a moment behind the execution's own state. */
  private List<Map<String, Object>> awaitHistory(String arn, int events) {
    return Awaitility.await("history of " + arn)
        .pollInSameThread()
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .until(
            () -> history(arn),
            found ->
                found.size() >= events
                    || !found.isEmpty() && isEnd(String.valueOf(found.getLast().get("type"))));
  }

  private List<Map<String, Object>> history(String arn) throws ApiError, IOException {
    List<Map<String, Object>> events = new ArrayList<>();
    String token = null;
    do {
      JsonNode page =
          client.call(
              "GetExecutionHistory",
              StepFunctionsClient.request().put("executionArn", arn).put("nextToken", token));
      String text = recordedNames(page.path("events").toString(), null);
      for (Object event : (List<?>) RecordedCase.tree(text.getBytes(StandardCharsets.UTF_8))) {
        events.add(event(event));
      }
      token = page.path("nextToken").textValue();
    } while (token != null);
    return events;
  }

  @SuppressWarnings("unchecked") // the names of a JSON object are strings
  private static Map<String, Object> event(Object json) {
    return (Map<String, Object>) json;
  }

  private static boolean isEnd(String type) {
    return switch (type) {
      case "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted" -> true;
      default -> false;
    };
  }

  private ExecutionResult result(
      JsonNode described, List<Map<String, Object>> history, @Nullable String expressId) {
    return new ExecutionResult(
        described.path("status").asText(),
        text(described, "output", expressId),
        text(described, "error", expressId),
        text(described, "cause", expressId),
        history,
        List.of());
  }

  private @Nullable String text(JsonNode described, String member, @Nullable String expressId) {
    String text = described.path(member).textValue();
    return text == null ? null : recordedNames(text, expressId);
  }

  private String recordedNames(String text, @Nullable String expressId) {
    String named = text.replace(machineName, recorded.machineName());
    for (Map.Entry<String, String> name : children.entrySet()) {
      named = named.replace(name.getValue(), name.getKey());
    }
    return expressId == null ? named : named.replace(expressId, EXPRESS_ID);
  }
}
