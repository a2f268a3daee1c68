package io.stepstream.asl.teststate;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of an AWS service look like, from the resource {@code models/SERVICE.json},
 * which is taken from AWS's published API models (Apache License 2.0).
 *
 * <p>The resource has {@code operations}, the shape of each answer, and {@code shapes}. A shape is
 * an object of members, whose names end in {@code !} when they are required; {@code {"*": …}} for a
 * map; {@code […]} for a list; {@code {"=": […]}} for the values of an enumeration. Members are
 * other shapes by their names, or {@code string}, {@code number} and {@code boolean}, with bounds
 * of their length or value: {@code number 128..10240}. Names begin with a capital, as Step
 * Functions writes them.
 */
record ApiModel(Map<?, ?> operations, Map<?, ?> shapes) {

  /** The Java SDK's names of services, which Step Functions uses, where the models have others. */
  private static final Map<String, String> MODEL_NAMES =
      Map.of(
          "states", "stepfunctions",
          "sfn", "stepfunctions",
          "eventbridge", "events",
          "elasticmapreduce", "emr",
          "emrcontainers", "emr-containers",
          "emrserverless", "emr-serverless",
          "cloudwatchlogs", "logs",
          "rdsdata", "rds-data",
          "redshiftdata", "redshift-data");

  /** Null: nothing is known of the service. */
  static @Nullable ApiModel of(String service) {
    String name = MODEL_NAMES.getOrDefault(service, service);
    if (!name.matches("[a-z0-9-]+")) {
      return null;
    }
    try (InputStream in = ApiModel.class.getResourceAsStream("models/" + name + ".json")) {
      if (in == null) {
        return null;
      }
      if (Json.decode(in.readAllBytes()) instanceof Decoded.Tree(Map<?, ?> model)
          && model.get("operations") instanceof Map<?, ?> operations
          && model.get("shapes") instanceof Map<?, ?> shapes) {
        return new ApiModel(operations, shapes);
      }
      throw new IllegalStateException("the model of " + name + " is broken");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How a value differs from an operation's answer, in AWS's words; null: it doesn't, or the
   * operation is not known.
   *
   * @param strict whether required members must be present
   */
  @Nullable String problem(String operation, Object value, boolean strict) {
    return operations.get(operation) instanceof String shape
        ? problem(operation, shape, value, strict)
        : null;
  }

  private @Nullable String problem(String field, String reference, Object value, boolean strict) {
    return switch (shapes.get(reference)) {
      case null -> simpleProblem(field, reference, value);
      case List<?> list -> {
        if (!(value instanceof List<?> items)) {
          yield told(field, "must be an array");
        }
        yield first(field, (String) list.getFirst(), items, strict);
      }
      case Map<?, ?> shape when shape.get("=") instanceof List<?> values ->
          !(value instanceof String)
              ? told(field, "must be a string")
              : values.contains(value) ? null : told(field, "is not an expected value");
      case Map<?, ?> shape -> {
        if (!(value instanceof Map<?, ?> object)) {
          yield told(field, "must be an object");
        }
        yield shape.get("*") instanceof String of
            ? first(field, of, object.values(), strict)
            : problemOfMembers(shape, object, strict);
      }
      case Object other -> throw new IllegalStateException("not a shape: " + other);
    };
  }

  private @Nullable String first(
      String field, String reference, Iterable<?> values, boolean strict) {
    for (Object value : values) {
      String problem = problem(field, reference, value, strict);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private @Nullable String problemOfMembers(Map<?, ?> shape, Map<?, ?> object, boolean strict) {
    for (Map.Entry<?, ?> member : shape.entrySet()) {
      String name = (String) member.getKey();
      boolean required = name.endsWith("!");
      String field = required ? name.substring(0, name.length() - 1) : name;
      Object value = object.get(field);
      if (value == null || value == Json.NULL) {
        if (required && strict) {
          return "Required field '" + field + "' is missing";
        }
        continue;
      }
      String problem = problem(field, (String) member.getValue(), value, strict);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String simpleProblem(String field, String type, Object value) {
    String[] parts = type.split(" ");
    String[] bounds = parts.length > 1 ? parts[1].split("\\.\\.", -1) : new String[] {"", ""};
    return switch (parts[0]) {
      case "boolean" -> value instanceof Boolean ? null : told(field, "must be a boolean");
      case "number" ->
          !(value instanceof Number number)
              ? told(field, "must be a number")
              : outside(
                  field,
                  number.doubleValue(),
                  bounds,
                  "is less than the minimum value",
                  "exceeds the maximum value");
      case "string" ->
          !(value instanceof String text)
              ? told(field, "must be a string")
              : outside(
                  field,
                  text.codePointCount(0, text.length()),
                  bounds,
                  "is smaller than the minimum length",
                  "exceeds the maximum length");
      default -> throw new IllegalStateException("no such shape: " + type);
    };
  }

  private static @Nullable String outside(
      String field, double value, String[] bounds, String below, String above) {
    if (!bounds[0].isEmpty() && value < Double.parseDouble(bounds[0])) {
      return told(field, below);
    }
    return !bounds[1].isEmpty() && value > Double.parseDouble(bounds[1])
        ? told(field, above)
        : null;
  }

  private static String told(String field, String what) {
    return "Field '" + field + "' " + what;
  }
}
