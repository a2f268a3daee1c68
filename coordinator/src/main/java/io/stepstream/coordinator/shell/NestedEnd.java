package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.nested.StartPattern;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An execution that has ended, as the Task state that waited for it is told: AWS's description of
 * it with capitals, its members in alphabetical order, dates in epoch milliseconds.
 *
 * @param input JSON, as all payloads
 * @param output null unless it succeeded
 * @param versionArn of the version that it was started with; null: of none
 * @param aliasArn of the alias that it was started by; null: by none
 */
record NestedEnd(
    Execution execution,
    byte[] input,
    byte @Nullable [] output,
    @Nullable String error,
    @Nullable String cause,
    @Nullable String versionArn,
    @Nullable String aliasArn,
    @Nullable String traceHeader) {

  /** AWS's limit of a cause, in characters. */
  private static final int MAX_CAUSE = 32_768;

  /** What the request to start it was answered by; JSON. */
  static byte[] started(String executionArn, long startMillis) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ExecutionArn", executionArn);
    answer.put("StartDate", startMillis);
    return Json.encodeUtf8(answer);
  }

  /** How the task ends. */
  sealed interface Outcome {

    /** The result of the task; JSON. */
    record Succeeded(byte[] output) implements Outcome {}

    record Failed(String error, String cause) implements Outcome {}
  }

  /**
   * @param maxBytes of the result of a task
   */
  Outcome outcome(StartPattern pattern, int maxBytes) {
    if (execution.status() != Execution.Status.SUCCEEDED || output == null) {
      return new Outcome.Failed("States.TaskFailed", description());
    }
    // Not even encoded where the payloads alone are too large.
    byte[] result =
        (long) input.length + output.length > maxBytes
            ? null
            : Json.encodeUtf8(members(pattern == StartPattern.SYNC_2, true, true), maxBytes);
    return result == null
        ? new Outcome.Failed(
            "States.DataLimitExceeded",
            "The state/task 'states' returned a result with a size exceeding the maximum number of"
                + " bytes service limit.")
        : new Outcome.Succeeded(result);
  }

  /**
   * The cause of a task whose execution has failed: JSON text, with payloads as text whatever the
   * pattern. What is too long for a cause is left out, so that the text stays JSON.
   */
  private String description() {
    String whole = input.length > MAX_CAUSE ? "" : Json.encode(members(false, true, true));
    if (!whole.isEmpty() && whole.length() <= MAX_CAUSE) {
      return whole;
    }
    String withoutInput = Json.encode(members(false, false, true));
    return withoutInput.length() <= MAX_CAUSE
        ? withoutInput
        : Json.encode(members(false, false, false));
  }

  private Map<String, Object> members(boolean asJson, boolean withInput, boolean withCause) {
    Map<String, Object> members = new TreeMap<>();
    if (withCause) {
      put(members, "Cause", cause);
    }
    put(members, "Error", error);
    members.put("ExecutionArn", execution.arn());
    if (withInput) {
      members.put("Input", payload(input, asJson));
    }
    members.put("InputDetails", Map.of("Included", withInput));
    members.put("Name", execution.name());
    if (output != null) {
      members.put("Output", payload(output, asJson));
      members.put("OutputDetails", Map.of("Included", true));
    }
    members.put("RedriveCount", execution.redriveCount());
    put(members, "RedriveDate", execution.redriveMillis());
    Long stop = execution.stopMillis();
    String refusal =
        RedriveRules.refusal(
            execution.status(), execution.startMillis(), stop, stop == null ? 0 : stop);
    members.put("RedriveStatus", refusal == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
    put(members, "RedriveStatusReason", refusal);
    members.put("StartDate", execution.startMillis());
    put(members, "StateMachineAliasArn", aliasArn);
    members.put("StateMachineArn", execution.stateMachineArn());
    put(members, "StateMachineVersionArn", versionArn);
    members.put("Status", execution.status().name());
    put(members, "StopDate", stop);
    put(members, "TraceHeader", traceHeader);
    return members;
  }

  private static void put(Map<String, Object> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
  }

  private static Object payload(byte[] json, boolean asJson) {
    return asJson && Json.decode(json) instanceof Decoded.Tree(Object tree)
        ? tree
        : new String(json, StandardCharsets.UTF_8);
  }
}
