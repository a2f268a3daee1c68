package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles JSONPath's payload templates: fields whose names end in {@code .$} are expressions. */
final class PayloadTemplates {

  private static final String SUFFIX = ".$";

  private PayloadTemplates() {}

  static Compiled<Expression> compile(Object json, String location) {
    return switch (json) {
      case Map<?, ?> object ->
          switch (fields(object, location)) {
            case Compiled.Ok<Map<String, Expression>>(var fields) ->
                new Compiled.Ok<>(Template.object(fields));
            case Compiled.Invalid<Map<String, Expression>> invalid -> invalid.as();
          };
      case List<?> array -> array(array, location);
      default -> new Compiled.Ok<>(new Constant(json));
    };
  }

  private static Compiled<Expression> array(List<?> array, String location) {
    List<Expression> items = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      switch (compile(array.get(i), location + "[" + i + "]")) {
        case Compiled.Ok<Expression>(Expression item) -> items.add(item);
        case Compiled.Invalid<Expression> invalid -> {
          return invalid;
        }
      }
    }
    return new Compiled.Ok<>(Template.array(items));
  }

  /** The fields under the names that the result has. */
  static Compiled<Map<String, Expression>> fields(Map<?, ?> object, String location) {
    Map<String, Expression> fields = LinkedHashMap.newLinkedHashMap(object.size());
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      String key = (String) entry.getKey();
      boolean dynamic = key.endsWith(SUFFIX);
      String name = dynamic ? key.substring(0, key.length() - SUFFIX.length()) : key;
      Compiled<Expression> field =
          dynamic
              ? dynamic(key, entry.getValue(), location)
              : compile(entry.getValue(), location + "/" + key);
      switch (field) {
        case Compiled.Ok<Expression>(Expression value) -> {
          if (fields.put(name, value) != null) {
            return Compiled.Invalid.schema(
                "The payload template field '%s' is specified more than once".formatted(name),
                location);
          }
        }
        case Compiled.Invalid<Expression> invalid -> {
          return invalid.as();
        }
      }
    }
    return new Compiled.Ok<>(fields);
  }

  private static Compiled<Expression> dynamic(String key, Object json, String location) {
    if (json instanceof String text) {
      String here = location + "/" + key;
      if (text.startsWith("$")) {
        JsonPathParser.Path path = JsonPathParser.parse(text);
        if (path != null) {
          return new Compiled.Ok<>(
              new PathExpression(path, PathExpression.Wording.NOT_FOUND_FOR_FIELD, key, here));
        }
      } else {
        Expression call = IntrinsicParser.parse(text, here);
        if (call != null) {
          return new Compiled.Ok<>(call);
        }
      }
    }
    return Compiled.Invalid.schema(
        "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call"
            .formatted(key),
        location);
  }
}
