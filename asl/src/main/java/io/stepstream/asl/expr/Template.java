package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects and arrays that hold expressions at some depth. Parts without any are {@link Constant}s,
 * so evaluating copies only the way down to the expressions.
 */
sealed interface Template extends Expression {

  /** A template has no text of its own; errors name the expressions in it. */
  @Override
  default String source() {
    return "{…}";
  }

  /** An object with at least one field that isn't constant. */
  static Expression object(Map<String, Expression> fields) {
    Set<String> variables = new HashSet<>();
    Map<String, Object> constants = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          variables.addAll(value.variables());
          if (value instanceof Constant constant) {
            constants.put(name, constant.json());
          }
        });
    return constants.size() == fields.size()
        ? new Constant(constants)
        : new OfObject(
            fields.keySet().toArray(new String[0]),
            fields.values().toArray(new Expression[0]),
            Set.copyOf(variables));
  }

  static Expression array(List<Expression> items) {
    Set<String> variables = new HashSet<>();
    List<Object> constants = new ArrayList<>(items.size());
    for (Expression item : items) {
      variables.addAll(item.variables());
      if (item instanceof Constant constant) {
        constants.add(constant.json());
      }
    }
    return constants.size() == items.size()
        ? new Constant(constants)
        : new OfArray(items.toArray(new Expression[0]), Set.copyOf(variables));
  }

  /** An object; names and values have the same length. */
  record OfObject(String[] names, Expression[] values, Set<String> variables) implements Template {
    @Override
    public Evaluation evaluate(Scope scope) {
      Map<String, Object> object = LinkedHashMap.newLinkedHashMap(names.length);
      for (int i = 0; i < names.length; i++) {
        switch (values[i].evaluate(scope)) {
          case Evaluation.Value(Object json) -> object.put(names[i], json);
          case Evaluation.Failed failed -> {
            return failed;
          }
        }
      }
      return new Evaluation.Value(object);
    }
  }

  /** An array. */
  record OfArray(Expression[] items, Set<String> variables) implements Template {
    @Override
    public Evaluation evaluate(Scope scope) {
      List<Object> array = new ArrayList<>(items.length);
      for (Expression item : items) {
        switch (item.evaluate(scope)) {
          case Evaluation.Value(Object json) -> array.add(json);
          case Evaluation.Failed failed -> {
            return failed;
          }
        }
      }
      return new Evaluation.Value(array);
    }
  }
}
