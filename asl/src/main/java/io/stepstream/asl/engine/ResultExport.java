package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Distributed.ResultWriter;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.items.TopicSpans;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a Map run's results are written, and what tells of them. */
final class ResultExport {

  /** An object travels in one record, as a text within JSON, which may double it. */
  static final int MOST_BYTES = 1_800_000;

  private ResultExport() {}

  /**
   * What becomes of results: as the state says, or AWS's default.
   *
   * @param destination null: they are not written but become the state's result
   */
  static String transformation(
      @Nullable ResultWriter writer, Awaits.@Nullable Destination destination) {
    if (writer != null && writer.transformation() != null) {
      return writer.transformation();
    }
    return destination == null ? ChildResult.COMPACT : ChildResult.UNCHANGED;
  }

  /**
   * @param evaluated the writer's arguments
   * @param id the last part of the Map run's ARN
   */
  static Awaits.Destination destination(ResultWriter writer, Object evaluated, String id) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    if (evaluated instanceof Map<?, ?> given) {
      given.forEach((name, value) -> arguments.put((String) name, value));
    }
    if (writer.publishes()) {
      return new Awaits.Destination.Topic(Json.encode(arguments));
    }
    String prefix = arguments.remove("Prefix") instanceof String text ? text : "";
    return new Awaits.Destination.Bucket(
        Json.encode(arguments),
        prefix.isEmpty() ? id + '/' : prefix + '/' + id + '/',
        "JSONL".equals(writer.outputType()));
  }

  static Map<String, Object> arguments(Awaits.Destination.Bucket destination, String key) {
    Map<String, Object> arguments = decoded(destination.arguments());
    arguments.put("Key", key);
    return arguments;
  }

  static Map<String, Object> arguments(Awaits.Destination.Topic destination) {
    return decoded(destination.arguments());
  }

  @SuppressWarnings("unchecked") // it was encoded from such a map
  private static Map<String, Object> decoded(String arguments) {
    return Json.decode(arguments) instanceof Decoded.Tree(Map<?, ?> given)
        ? new LinkedHashMap<>((Map<String, Object>) given)
        : new LinkedHashMap<>();
  }

  static String manifestKey(Awaits.Destination.Bucket destination) {
    return destination.folder() + "manifest.json";
  }

  /**
   * @param files the written objects, each with Key and Size
   */
  static byte[] manifest(
      Awaits.Destination.Bucket destination, String mapRunArn, List<Object> files) {
    List<Object> failed = new ArrayList<>();
    List<Object> succeeded = new ArrayList<>();
    for (Object file : files) {
      boolean failure =
          file instanceof Map<?, ?> told
              && told.get("Key") instanceof String key
              && key.startsWith("FAILED_", destination.folder().length());
      (failure ? failed : succeeded).add(file);
    }
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("FAILED", failed);
    results.put("PENDING", List.of());
    results.put("SUCCEEDED", succeeded);
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("DestinationBucket", bucket(destination));
    manifest.put("MapRunArn", mapRunArn);
    manifest.put("ResultFiles", results);
    return Json.encodeUtf8(manifest);
  }

  /** The state's result. */
  static Map<String, Object> result(Awaits.Destination.Bucket destination, String mapRunArn) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("Bucket", bucket(destination));
    details.put("Key", manifestKey(destination));
    return result(details, mapRunArn);
  }

  /**
   * The same where the results are in a topic: the details are arguments of {@code kafka:read},
   * which reads them.
   */
  static Map<String, Object> result(
      Awaits.Destination.Topic destination, String mapRunArn, TopicSpans all) {
    Map<String, Object> from = new LinkedHashMap<>();
    Map<String, Object> to = new LinkedHashMap<>();
    all.byPartition()
        .forEach(
            (partition, span) -> {
              from.put(partition.toString(), span.from());
              to.put(partition.toString(), span.to());
            });
    Map<String, Object> arguments = arguments(destination);
    Map<String, Object> details = new LinkedHashMap<>();
    if (arguments.get("Connection") instanceof String connection) {
      details.put("Connection", connection);
    }
    details.put("Topic", arguments.getOrDefault("Topic", Json.NULL));
    details.put("Partitions", List.copyOf(all.byPartition().keySet()));
    details.put("FromOffsets", from);
    details.put("ToOffsets", to);
    return result(details, mapRunArn);
  }

  /**
   * @param spans of shards, each as {@link TopicSpans#json} gives them
   */
  static TopicSpans united(List<Object> spans) {
    TopicSpans all = TopicSpans.NONE;
    for (Object each : spans) {
      all = all.with(spans(each));
    }
    return all;
  }

  private static TopicSpans spans(Object json) {
    try {
      return json instanceof Map<?, ?> spans ? TopicSpans.of(spans) : TopicSpans.NONE;
    } catch (ReadRefused e) {
      throw new IllegalStateException("a shard told of no spans: " + json, e);
    }
  }

  private static Map<String, Object> result(Map<String, Object> details, String mapRunArn) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("MapRunArn", mapRunArn);
    result.put("ResultWriterDetails", details);
    return result;
  }

  private static Object bucket(Awaits.Destination.Bucket destination) {
    return arguments(destination, "").getOrDefault("Bucket", Json.NULL);
  }
}
