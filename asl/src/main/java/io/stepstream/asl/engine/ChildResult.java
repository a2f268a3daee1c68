package io.stepstream.asl.engine;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a child execution of a distributed Map: its output, or all that AWS tells of it.
 * Of a failed one AWS always tells all.
 *
 * @param told output, or an object as DescribeExecution gives it
 */
record ChildResult(boolean succeeded, Object told) {

  static final String UNCHANGED = "NONE";
  static final String COMPACT = "COMPACT";
  static final String FLATTEN = "FLATTEN";

  static ChildResult of(
      String transformation,
      String mapRunArn,
      String childArn,
      String name,
      byte[] input,
      Event.ChildEnded ended,
      Payload payload) {
    boolean succeeded = ended.status() == Execution.Status.SUCCEEDED;
    byte[] output = ended.output();
    if (succeeded && output != null && !transformation.equals(UNCHANGED)) {
      return new ChildResult(true, payload.decodeTrusted(output));
    }
    Map<String, Object> all = new LinkedHashMap<>();
    put(all, "Cause", ended.cause());
    put(all, "Error", ended.error());
    all.put("ExecutionArn", childArn);
    all.put("Input", text(input));
    all.put("InputDetails", Map.of("Included", true));
    all.put("Name", name);
    if (output != null) {
      all.put("Output", text(output));
      all.put("OutputDetails", Map.of("Included", true));
    }
    all.put("RedriveCount", 0);
    all.put("RedriveStatus", succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
    put(
        all,
        "RedriveStatusReason",
        succeeded ? "Execution is SUCCEEDED and cannot be redriven" : null);
    all.put("StartDate", Instant.ofEpochMilli(ended.startMillis()).toString());
    all.put("StateMachineArn", MapRunNames.childMachine(mapRunArn));
    all.put("Status", ended.status().name());
    all.put("StopDate", Instant.ofEpochMilli(ended.stopMillis()).toString());
    return new ChildResult(succeeded, all);
  }

  private static void put(Map<String, Object> all, String name, @Nullable String value) {
    if (value != null) {
      all.put(name, value);
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** As a row. */
  byte[] row() {
    return Json.encodeUtf8(List.of(succeeded, told));
  }

  static ChildResult of(byte[] row, Payload payload) {
    List<?> stored = (List<?>) payload.decodeTrusted(row);
    return new ChildResult((Boolean) stored.getFirst(), stored.getLast());
  }

  /** Adds it to an array of results. */
  void addTo(List<Object> results, String transformation) {
    if (succeeded && transformation.equals(FLATTEN) && told instanceof List<?> many) {
      results.addAll(many);
    } else {
      results.add(told);
    }
  }
}
