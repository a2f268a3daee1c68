package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.execution.StatusChange;
import io.stepstream.coordinator.shell.ExecutionArns;
import org.jspecify.annotations.Nullable;

/** Writes changes as JSON; one after the other to many clients, so the last one is kept. */
final class ChangeWriter {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_CAUSE = 1024;

  private record Written(StatusChange change, String json) {}

  private volatile @Nullable Written last;

  String json(StatusChange change) {
    Written known = last;
    if (known != null && known.change == change) {
      return known.json;
    }
    ObjectNode json =
        JSON.createObjectNode()
            .put("executionArn", change.executionArn())
            .put("stateMachineArn", change.stateMachineArn())
            .put("name", ExecutionArns.name(change.executionArn()))
            .put("status", change.status().name())
            .put("date", change.date().toString());
    put(json, "error", change.error());
    put(json, "cause", change.cause());
    put(json, "mapRunArn", change.mapRunArn());
    Written written = new Written(change, json.toString());
    last = written;
    return written.json;
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value.substring(0, Math.min(LONGEST_CAUSE, value.length())));
    }
  }
}
