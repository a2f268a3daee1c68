package io.stepstream.asl.engine;

import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a child execution of a distributed Map: its output, or all that AWS tells of it.
 * Of a failed one AWS always tells all.
 *
 * <p>It is text from the child's end to the Map's result, and is decoded on the way only where an
 * array has to be taken apart: a Map run handles each result three times.
 *
 * @param told output, or an object as DescribeExecution gives it; JSON
 */
record ChildResult(boolean succeeded, Text told) {

  static final String UNCHANGED = "NONE";
  static final String COMPACT = "COMPACT";
  static final String FLATTEN = "FLATTEN";

  static ChildResult of(
      String transformation,
      String mapRunArn,
      String childArn,
      String name,
      byte[] input,
      Event.ChildEnded ended) {
    boolean succeeded = ended.status() == Execution.Status.SUCCEEDED;
    byte[] output = ended.output();
    if (succeeded && output != null && !transformation.equals(UNCHANGED)) {
      return new ChildResult(true, Text.of(output));
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
    all.put("RedriveCount", ended.redriveCount());
    all.put("RedriveStatus", succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
    put(
        all,
        "RedriveStatusReason",
        succeeded ? "Execution is SUCCEEDED and cannot be redriven" : null);
    all.put("StartDate", Instant.ofEpochMilli(ended.startMillis()).toString());
    all.put("StateMachineArn", MapRunNames.childMachine(mapRunArn));
    all.put("Status", ended.status().name());
    all.put("StopDate", Instant.ofEpochMilli(ended.stopMillis()).toString());
    return new ChildResult(succeeded, Text.of(Json.encodeUtf8(all)));
  }

  private static void put(Map<String, Object> all, String name, @Nullable String value) {
    if (value != null) {
      all.put(name, value);
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** A part of an array of bytes that is a JSON value. */
  record Text(byte[] bytes, int from, int to) {

    static Text of(byte[] json) {
      return new Text(json, 0, json.length);
    }

    byte[] copy() {
      return Arrays.copyOfRange(bytes, from, to);
    }

    /** With nothing but spaces between its tokens: in strings JSON has no line breaks. */
    void writeInOneLine(ByteArrayOutputStream out) {
      for (int i = from; i < to; i++) {
        byte b = bytes[i];
        out.write(b == '\n' || b == '\r' ? ' ' : b);
      }
    }

    void write(ByteArrayOutputStream out) {
      out.write(bytes, from, to - from);
    }
  }

  private static final byte[] SUCCEEDED = "[true,".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOT_SUCCEEDED = "[false,".getBytes(StandardCharsets.US_ASCII);

  /** As a row: an array of whether it succeeded and what is told. */
  byte[] row() {
    byte[] head = succeeded ? SUCCEEDED : NOT_SUCCEEDED;
    int length = told.to() - told.from();
    byte[] row = Arrays.copyOf(head, head.length + length + 1);
    System.arraycopy(told.bytes(), told.from(), row, head.length, length);
    row[row.length - 1] = ']';
    return row;
  }

  static ChildResult of(byte[] row) {
    boolean succeeded = row[1] == 't';
    int from = (succeeded ? SUCCEEDED : NOT_SUCCEEDED).length;
    return new ChildResult(succeeded, new Text(row, from, row.length - 1));
  }

  /** The elements it adds to an array of results: one, or those of its own array. */
  List<Text> elements(String transformation, Payload payload) {
    if (succeeded
        && transformation.equals(FLATTEN)
        && payload.decodeTrusted(told.copy()) instanceof List<?> many) {
      return many.stream().map(Json::encodeUtf8).map(Text::of).toList();
    }
    return List.of(told);
  }
}
