package io.stepstream.coordinator.api.execution;

import io.stepstream.asl.history.HistoryJson;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Renders history events as AWS does. The one place that knows how the flat record becomes AWS's 38
 * structures of details: the type decides which member holds them, and what a type doesn't have is
 * null in the record.
 */
final class HistoryEventRenderer {

  private HistoryEventRenderer() {}

  /**
   * Writes an event's members.
   *
   * @param payloads whether the caller wants inputs, outputs, parameters and variables
   */
  static void write(JsonMembers json, HistoryEvent event, boolean payloads) {
    json.time("timestamp", event.getTimestamp())
        .text("type", event.getType().name())
        .number("id", event.getId())
        .number("previousEventId", event.getPreviousEventId());
    String member =
        event.getType() == HistoryEventType.UNKNOWN
            ? null
            : HistoryJson.detailsMember(event.getType().name());
    if (member != null) {
      // AWS writes the member even when nothing is in it, as for an abort without a cause.
      HistoryEventDetails details = event.getDetails();
      json.object(
          member,
          _ -> {
            if (details != null) {
              write(json, details, payloads);
            }
          });
    }
  }

  private static void write(JsonMembers json, HistoryEventDetails details, boolean payloads) {
    json.text("name", details.getName())
        .text("resourceType", details.getResourceType())
        .text("resource", details.getResource())
        .text("region", details.getRegion());
    if (payloads) {
      payload(json, "input", details.getInput());
      payload(json, "output", details.getOutput());
      json.payload("parameters", details.getParameters());
      variables(json, details.getAssignedVariables());
    }
    json.text("error", details.getError())
        .text("cause", details.getCause())
        .number("timeoutInSeconds", details.getTimeoutInSeconds())
        .number("heartbeatInSeconds", details.getHeartbeatInSeconds())
        .number("index", details.getIndex())
        .number("length", details.getLength())
        .text("workerName", details.getWorkerName())
        .text("mapRunArn", details.getMapRunArn())
        .text("state", details.getState())
        .text("location", details.getLocation())
        .number("redriveCount", details.getRedriveCount())
        .text("roleArn", details.getRoleArn())
        .text("stateMachineVersionArn", details.getStateMachineVersionArn())
        .text("stateMachineAliasArn", details.getStateMachineAliasArn());
    String role = details.getTaskCredentialsRoleArn();
    if (role != null) {
      json.object("taskCredentials", credentials -> credentials.text("roleArn", role));
    }
  }

  /** AWS: "Always false for API calls." */
  private static void notTruncated(JsonMembers json, String name) {
    json.object(name, details -> details.flag("truncated", false));
  }

  private static void payload(JsonMembers json, String name, @Nullable ByteBuffer value) {
    if (value != null) {
      json.payload(name, value);
      notTruncated(json, name + "Details");
    }
  }

  private static void variables(JsonMembers json, @Nullable Map<String, ByteBuffer> variables) {
    if (variables != null) {
      json.object("assignedVariables", names -> new TreeMap<>(variables).forEach(names::payload));
      notTruncated(json, "assignedVariablesDetails");
    }
  }
}
