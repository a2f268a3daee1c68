package io.stepstream.asl.history;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A history event as the JSON that AWS's GetExecutionHistory answers with. */
public final class HistoryJson {

  /** AWS: "Always false for API calls." */
  private static final Map<String, Object> NOT_TRUNCATED = Map.of("truncated", false);

  private static final Set<String> WITHOUT_DETAILS =
      Set.of(
          "LambdaFunctionStarted",
          "MapStateAborted",
          "MapStateFailed",
          "MapStateSucceeded",
          "ParallelStateAborted",
          "ParallelStateFailed",
          "ParallelStateStarted",
          "ParallelStateSucceeded",
          "TaskStateAborted",
          "WaitStateAborted",
          "MapRunAborted",
          "MapRunSucceeded");

  private HistoryJson() {}

  /**
   * The member that holds the details of such an event in AWS's API; null: the type has no details.
   *
   * @param awsName a type as AWS names it
   */
  public static @Nullable String detailsMember(String awsName) {
    if (WITHOUT_DETAILS.contains(awsName)) {
      return null;
    }
    if (awsName.endsWith("StateEntered")) {
      return "stateEnteredEventDetails";
    }
    if (awsName.endsWith("StateExited")) {
      return "stateExitedEventDetails";
    }
    return Character.toLowerCase(awsName.charAt(0)) + awsName.substring(1) + "EventDetails";
  }

  /** A tree of JSON; payloads are strings in it, and the timestamp is RFC 3339. */
  public static Map<String, Object> of(HistoryEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("timestamp", Instant.ofEpochMilli(event.timestampMillis()).toString());
    json.put("type", event.type().awsName());
    json.put("id", event.id());
    json.put("previousEventId", event.previousEventId());
    String member = detailsMember(event.type().awsName());
    if (member != null) {
      Map<String, Object> details = new LinkedHashMap<>();
      write(event.details(), details);
      json.put(member, details);
    }
    return json;
  }

  private static void write(HistoryDetails details, Map<String, Object> json) {
    switch (details) {
      case HistoryDetails.None _ -> {}
      case HistoryDetails.ExecutionStarted(byte[] input, String roleArn) -> {
        payload(json, "input", input);
        json.put("roleArn", roleArn);
      }
      case HistoryDetails.ExecutionSucceeded(byte[] output) -> payload(json, "output", output);
      case HistoryDetails.Failure(String error, String cause) -> failure(json, error, cause);
      case HistoryDetails.StateEntered(String name, byte[] input) -> {
        json.put("name", name);
        payload(json, "input", input);
      }
      case HistoryDetails.StateExited(
              String name,
              byte[] output,
              Map<String, byte[]> assignedVariables) -> {
        json.put("name", name);
        payload(json, "output", output);
        if (!assignedVariables.isEmpty()) {
          Map<String, Object> variables = new TreeMap<>();
          assignedVariables.forEach((variable, value) -> variables.put(variable, text(value)));
          json.put("assignedVariables", variables);
          json.put("assignedVariablesDetails", NOT_TRUNCATED);
        }
      }
      case HistoryDetails.FunctionScheduled f -> {
        json.put("resource", f.resource());
        payload(json, "input", f.input());
        optional(json, "timeoutInSeconds", f.timeoutInSeconds());
        optional(json, "heartbeatInSeconds", f.heartbeatInSeconds());
        credentials(json, f.credentialsRoleArn());
      }
      case HistoryDetails.FunctionSucceeded(byte[] output) -> payload(json, "output", output);
      case HistoryDetails.ActivityStarted(String workerName) ->
          optional(json, "workerName", workerName);
      case HistoryDetails.TaskScheduled t -> {
        resource(json, t.resourceType(), t.resource());
        json.put("region", t.region());
        json.put("parameters", text(t.parameters()));
        optional(json, "timeoutInSeconds", t.timeoutInSeconds());
        optional(json, "heartbeatInSeconds", t.heartbeatInSeconds());
        credentials(json, t.credentialsRoleArn());
      }
      case HistoryDetails.TaskStarted(String type, String resource) ->
          resource(json, type, resource);
      case HistoryDetails.TaskSucceeded(String type, String resource, byte[] output) -> {
        resource(json, type, resource);
        payload(json, "output", output);
      }
      case HistoryDetails.TaskFailed(String type, String resource, String error, String cause) -> {
        resource(json, type, resource);
        failure(json, error, cause);
      }
      case HistoryDetails.ExecutionRedriven(int count) -> json.put("redriveCount", count);
      case HistoryDetails.MapRunRedriven(String arn, int count) -> {
        json.put("mapRunArn", arn);
        json.put("redriveCount", count);
      }
      case HistoryDetails.MapStarted(int length) -> json.put("length", length);
      case HistoryDetails.MapIteration(String name, int index) -> {
        json.put("name", name);
        json.put("index", index);
      }
      case HistoryDetails.MapRunStarted(String mapRunArn) -> json.put("mapRunArn", mapRunArn);
      case HistoryDetails.EvaluationFailed(
              String state,
              String error,
              String cause,
              String location) -> {
        json.put("state", state);
        failure(json, error, cause);
        optional(json, "location", location);
      }
    }
  }

  private static void resource(Map<String, Object> json, String type, String resource) {
    json.put("resourceType", type);
    json.put("resource", resource);
  }

  private static void failure(
      Map<String, Object> json, @Nullable String error, @Nullable String cause) {
    optional(json, "error", error);
    optional(json, "cause", cause);
  }

  private static void credentials(Map<String, Object> json, @Nullable String roleArn) {
    if (roleArn != null) {
      json.put("taskCredentials", Map.of("roleArn", roleArn));
    }
  }

  private static void payload(Map<String, Object> json, String name, byte[] value) {
    json.put(name, text(value));
    json.put(name + "Details", NOT_TRUNCATED);
  }

  private static void optional(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
