package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSONPath which names at most one node. Nearly all paths are of this kind, and unlike the
 * library this walker tells an absent node from a null one without an exception or any allocation.
 *
 * @param steps a {@code String} for a field, an {@code Integer} for an index; a negative index
 *     counts from the end
 */
record ReferencePath(List<Object> steps) implements PathQuery {

  ReferencePath {
    steps = List.copyOf(steps);
  }

  @Override
  public @Nullable Object find(Object root) {
    Object node = root;
    for (int i = 0; i < steps.size(); i++) {
      node = step(node, steps.get(i));
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  private static @Nullable Object step(Object node, Object step) {
    return switch (step) {
      case String field -> node instanceof Map<?, ?> object ? object.get(field) : null;
      case Integer index -> node instanceof List<?> array ? item(array, index) : null;
      default -> throw new IllegalStateException("not a step: " + step);
    };
  }

  private static @Nullable Object item(List<?> array, int index) {
    int at = index < 0 ? array.size() + index : index;
    return at >= 0 && at < array.size() ? array.get(at) : null;
  }

  @Override
  public String whyAbsent(Object root) {
    Object node = root;
    StringBuilder path = new StringBuilder("$");
    for (int i = 0; i < steps.size(); i++) {
      Object step = steps.get(i);
      Object next = step(node, step);
      if (next == null) {
        return whyAbsent(node, step, path, i == steps.size() - 1);
      }
      append(path, step);
      node = next;
    }
    return "No results for path: " + path;
  }

  private String whyAbsent(Object node, Object step, StringBuilder path, boolean last) {
    boolean container = step instanceof String ? node instanceof Map : node instanceof List;
    if (!container && step instanceof String field) {
      return "Expected to find an object with property ['%s'] in path %s but found '%s'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
          .formatted(field, path, node == Json.NULL ? "null" : node.getClass().getName());
    }
    if (!container) {
      return node == Json.NULL
          ? "The path " + path + " is null"
          : "Filter: [%s] can only be applied to arrays. Current context is: %s"
              .formatted(step, StringIntrinsics.display(node));
    }
    if (step instanceof String && !last) {
      append(path, step);
      return "Missing property in path " + path;
    }
    return "No results for path: " + this;
  }

  /** The canonical form, {@code $['a'][0]}. */
  @Override
  public String toString() {
    StringBuilder path = new StringBuilder("$");
    for (Object step : steps) {
      append(path, step);
    }
    return path.toString();
  }

  private static void append(StringBuilder path, Object step) {
    if (step instanceof String field) {
      path.append("['").append(field).append("']");
    } else {
      path.append('[').append(step).append(']');
    }
  }
}
