package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles the fields of JSONata states: strings {@code {% … %}} are expressions, at any depth. */
final class JsonataTemplates {

  private JsonataTemplates() {}

  /**
   * @param type what an expression that is the whole field must give
   */
  static Compiled<Expression> compile(Object json, String location, ResultType type) {
    return switch (json) {
      case String text when JsonataExpression.isExpression(text) ->
          JsonataExpression.compile(text, location, type);
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

  static Compiled<Map<String, Expression>> fields(Map<?, ?> object, String location) {
    Map<String, Expression> fields = LinkedHashMap.newLinkedHashMap(object.size());
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      String name = (String) entry.getKey();
      switch (compile(entry.getValue(), location + "/" + name, ResultType.ANY)) {
        case Compiled.Ok<Expression>(Expression value) -> fields.put(name, value);
        case Compiled.Invalid<Expression> invalid -> {
          return invalid.as();
        }
      }
    }
    return new Compiled.Ok<>(fields);
  }

  private static Compiled<Expression> array(List<?> array, String location) {
    List<Expression> items = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      switch (compile(array.get(i), location + "[" + i + "]", ResultType.ANY)) {
        case Compiled.Ok<Expression>(Expression item) -> items.add(item);
        case Compiled.Invalid<Expression> invalid -> {
          return invalid;
        }
      }
    }
    return new Compiled.Ok<>(Template.array(items));
  }
}
