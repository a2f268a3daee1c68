package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of ResultPath. */
final class ResultPaths {

  private ResultPaths() {}

  static Compiled<ResultPath> compile(Object json, String location) {
    if (json == Json.NULL) {
      return new Compiled.Ok<>((rawInput, _) -> new Evaluation.Value(rawInput));
    }
    if (json instanceof String text) {
      JsonPathParser.Path path = JsonPathParser.parse(text);
      if (path != null
          && path.root() instanceof PathRoot.Input
          && path.query() instanceof ReferencePath(List<Object> steps)) {
        return new Compiled.Ok<>(steps.isEmpty() ? ResultPaths::whole : new Within(text, steps));
      }
    }
    return Compiled.Invalid.schema("Value is not a Reference Path", location);
  }

  private static Evaluation whole(Object rawInput, Object result) {
    return new Evaluation.Value(result);
  }

  /** Puts the result below at least one field or index. */
  private record Within(String text, List<Object> steps) implements ResultPath {

    @Override
    public Evaluation put(Object rawInput, Object result) {
      Object merged = put(rawInput, 0, result);
      return merged != null
          ? new Evaluation.Value(merged)
          : Evaluation.failed(
              "States.ResultPathMatchFailure",
              "Unable to apply ReferencePath %s to input %s".formatted(text, Json.encode(rawInput)),
              "ResultPath");
    }

    /** The node with the result below it; null: the path leads through a value of another type. */
    private @Nullable Object put(Object node, int at, Object result) {
      if (at == steps.size()) {
        return result;
      }
      return switch (steps.get(at)) {
        case String field ->
            node instanceof Map<?, ?> object ? inObject(object, field, at, result) : null;
        case Integer index ->
            node instanceof List<?> array ? inArray(array, index, at, result) : null;
        default -> throw new IllegalStateException("not a step: " + steps.get(at));
      };
    }

    private @Nullable Object inObject(Map<?, ?> object, String field, int at, Object result) {
      Object child = object.get(field);
      Object merged = put(child == null ? missing(at + 1) : child, at + 1, result);
      if (merged == null) {
        return null;
      }
      Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(object.size() + 1);
      copy.putAll(object);
      copy.put(field, merged);
      return copy;
    }

    private @Nullable Object inArray(List<?> array, int index, int at, Object result) {
      int position = index < 0 ? array.size() + index : index;
      if (position < 0 || position >= array.size()) {
        return null;
      }
      Object merged = put(array.get(position), at + 1, result);
      if (merged == null) {
        return null;
      }
      List<Object> copy = new ArrayList<>(array);
      copy.set(position, merged);
      return copy;
    }

    /** What stands for an absent child: an object if a field follows; an index can't be created. */
    private Object missing(int at) {
      return at < steps.size() && steps.get(at) instanceof String ? Map.of() : List.of();
    }
  }
}
