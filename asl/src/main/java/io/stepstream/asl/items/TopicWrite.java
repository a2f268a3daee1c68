package io.stepstream.asl.items;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker is asked when results of child executions are to be appended to a topic.
 *
 * @param batch names this request among those of a shard; the answer repeats it
 * @param arguments of the ResultWriter
 * @param mapRunArn whose results they are
 * @param redrive how often the Map run had been redriven when this was asked. A worker that was
 *     thought dead may append an earlier result of a child after a later one; this tells them apart
 * @param flatten a result that succeeded and is an array gives a record for each of its elements
 */
public record TopicWrite(
    String batch,
    Map<String, Object> arguments,
    String mapRunArn,
    int redrive,
    boolean flatten,
    List<Result> results) {

  /** The Resource of the task that carries the request. */
  public static final String RESOURCE = "stepstream:publishResults";

  /** The error of that task, and of the state. */
  public static final String ERROR = ObjectWrite.ERROR;

  /**
   * What one child execution has come to.
   *
   * @param child its number within the Map run, the same after a redrive
   * @param json text in UTF-8
   */
  public record Result(long child, boolean succeeded, byte[] json) {}

  /** What the worker answers: where the records are. */
  public record Written(String batch, TopicSpans spans) {

    public byte[] encode() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("batch", batch);
      json.put("spans", spans.json());
      return Json.encodeUtf8(json);
    }

    /**
     * @throws ReadRefused the text is no such answer
     */
    public static Written decode(byte[] utf8) throws ReadRefused {
      OrderText written = OrderText.decode(utf8);
      return new Written(written.givenText("batch"), TopicSpans.of(written.object("spans").json()));
    }
  }

  public TopicWrite {
    results = List.copyOf(results);
  }

  public byte[] encode() {
    List<Object> rows = new ArrayList<>();
    for (Result result : results) {
      rows.add(
          List.of(
              result.child(),
              result.succeeded(),
              new String(result.json(), StandardCharsets.UTF_8)));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("batch", batch);
    json.put("arguments", arguments);
    json.put("mapRunArn", mapRunArn);
    json.put("redrive", redrive);
    json.put("flatten", flatten);
    json.put("results", rows);
    return Json.encodeUtf8(json);
  }

  /**
   * @throws ReadRefused the text is no such request
   */
  public static TopicWrite decode(byte[] utf8) throws ReadRefused {
    OrderText order = OrderText.decode(utf8);
    List<?> rows = order.array("results");
    if (rows == null) {
      throw OrderText.refused("results");
    }
    List<Result> results = new ArrayList<>();
    for (Object row : rows) {
      results.add(result(row));
    }
    return new TopicWrite(
        order.givenText("batch"),
        order.tree("arguments"),
        order.givenText("mapRunArn"),
        order.count("redrive"),
        order.bool("flatten"),
        results);
  }

  private static Result result(Object row) throws ReadRefused {
    if (row instanceof List<?> parts
        && parts.size() == 3
        && parts.get(0) instanceof Number child
        && parts.get(1) instanceof Boolean succeeded
        && parts.get(2) instanceof String json) {
      return new Result(child.longValue(), succeeded, json.getBytes(StandardCharsets.UTF_8));
    }
    throw OrderText.refused("results");
  }
}
