package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Distributed.ResultWriter;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a Map run's results are written, and the manifest that tells of them. */
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
    String prefix = "";
    if (evaluated instanceof Map<?, ?> given) {
      given.forEach((name, value) -> arguments.put((String) name, value));
      prefix = arguments.remove("Prefix") instanceof String text ? text : "";
    }
    return new Awaits.Destination(
        Json.encode(arguments),
        prefix.isEmpty() ? id + '/' : prefix + '/' + id + '/',
        "JSONL".equals(writer.outputType()));
  }

  @SuppressWarnings("unchecked") // it was encoded from such a map
  static Map<String, Object> arguments(Awaits.Destination destination, String key) {
    Map<String, Object> arguments =
        Json.decode(destination.arguments()) instanceof Decoded.Tree(Map<?, ?> given)
            ? new LinkedHashMap<>((Map<String, Object>) given)
            : new LinkedHashMap<>();
    arguments.put("Key", key);
    return arguments;
  }

  static String manifestKey(Awaits.Destination destination) {
    return destination.folder() + "manifest.json";
  }

  /**
   * @param files the written objects, each with Key and Size
   */
  static byte[] manifest(Awaits.Destination destination, String mapRunArn, List<Object> files) {
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
  static Map<String, Object> result(Awaits.Destination destination, String mapRunArn) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("Bucket", bucket(destination));
    details.put("Key", manifestKey(destination));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("MapRunArn", mapRunArn);
    result.put("ResultWriterDetails", details);
    return result;
  }

  private static Object bucket(Awaits.Destination destination) {
    return arguments(destination, "").getOrDefault("Bucket", Json.NULL);
  }
}
