package io.stepstream.asl.expr;

import io.stepstream.asl.expr.Evaluation.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the rules of JSONPath Choice states. */
final class ChoiceRules {

  static final Evaluation TRUE = new Value(true);
  static final Evaluation FALSE = new Value(false);

  private ChoiceRules() {}

  static Compiled<Condition> compile(Map<?, ?> rule, String location) {
    if (rule.containsKey("And")) {
      return junction(rule.get("And"), location + "/And", true);
    }
    if (rule.containsKey("Or")) {
      return junction(rule.get("Or"), location + "/Or", false);
    }
    if (rule.containsKey("Not")) {
      return negation(rule.get("Not"), location + "/Not");
    }
    return comparison(rule, location);
  }

  private static Compiled<Condition> junction(@Nullable Object json, String location, boolean all) {
    if (!(json instanceof List<?> rules) || rules.isEmpty()) {
      return Compiled.Invalid.schema("A non-empty array of rules is required", location);
    }
    List<Condition> conditions = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      String at = location + "[" + i + "]";
      if (!(rules.get(i) instanceof Map<?, ?> rule)) {
        return Compiled.Invalid.schema("Expected value of type Object", at);
      }
      switch (compile(rule, at)) {
        case Compiled.Ok<Condition>(Condition condition) -> conditions.add(condition);
        case Compiled.Invalid<Condition> invalid -> {
          return invalid;
        }
      }
    }
    return new Compiled.Ok<>(new Junction(conditions.toArray(new Condition[0]), all));
  }

  private static Compiled<Condition> negation(@Nullable Object json, String location) {
    if (!(json instanceof Map<?, ?> rule)) {
      return Compiled.Invalid.schema("Expected value of type Object", location);
    }
    return switch (compile(rule, location)) {
      case Compiled.Ok<Condition>(Condition condition) ->
          new Compiled.Ok<>(new Negation(condition));
      case Compiled.Invalid<Condition> invalid -> invalid;
    };
  }

  private static Compiled<Condition> comparison(Map<?, ?> rule, String location) {
    if (!(rule.get("Variable") instanceof String text)) {
      return Compiled.Invalid.schema("These fields are required: [Variable]", location);
    }
    JsonPathParser.Path variable = JsonPathParser.parse(text);
    if (variable == null) {
      return notAPath(location + "/Variable");
    }
    Compiled<Condition> found = null;
    for (Map.Entry<?, ?> field : rule.entrySet()) {
      String name = (String) field.getKey();
      Compiled<Condition> test = test(variable, name, field.getValue(), location + "/" + name);
      if (test != null && found != null) {
        return Compiled.Invalid.schema("Only one comparison operator is allowed", location);
      }
      found = test == null ? found : test;
    }
    return found != null
        ? found
        : Compiled.Invalid.schema("A comparison operator is required", location);
  }

  /** Null: the field isn't an operator. */
  private static @Nullable Compiled<Condition> test(
      JsonPathParser.Path variable, String name, Object operand, String location) {
    if (name.equals("IsPresent")) {
      return operand instanceof Boolean expected
          ? new Compiled.Ok<>(new Presence(variable, expected))
          : Compiled.Invalid.schema("Expected value of type Boolean", location);
    }
    if (name.equals("StringMatches")) {
      return operand instanceof String pattern
          ? new Compiled.Ok<>(new Matching(variable, new Glob(pattern), location))
          : Compiled.Invalid.schema("Expected value of type String", location);
    }
    TypeTest typeTest = TypeTest.named(name);
    if (typeTest != null) {
      return operand instanceof Boolean expected
          ? new Compiled.Ok<>(new Typed(variable, typeTest, expected, location))
          : Compiled.Invalid.schema("Expected value of type Boolean", location);
    }
    Comparison comparison = Comparison.named(name);
    return comparison == null ? null : compared(variable, comparison, name, operand, location);
  }

  private static Compiled<Condition> compared(
      JsonPathParser.Path variable,
      Comparison comparison,
      String name,
      Object operand,
      String location) {
    if (comparison.takesPath(name)) {
      JsonPathParser.Path path = operand instanceof String text ? JsonPathParser.parse(text) : null;
      return path == null
          ? notAPath(location)
          : new Compiled.Ok<>(new ComparedToPath(variable, comparison, path, location));
    }
    String refusal = comparison.refuse(operand);
    return refusal == null
        ? new Compiled.Ok<>(new Compared(variable, comparison, operand, location))
        : Compiled.Invalid.schema(refusal, location);
  }

  private static Compiled<Condition> notAPath(String location) {
    return Compiled.Invalid.schema("Value is not a Reference Path", location);
  }

  private static Evaluation of(boolean matches) {
    return matches ? TRUE : FALSE;
  }

  private static @Nullable Object find(JsonPathParser.Path path, Scope scope) {
    Object root = path.root().in(scope);
    return root == null ? null : path.query().find(root);
  }

  private static Evaluation missing(JsonPathParser.Path path, String location) {
    return Evaluation.failed(
        "States.Runtime",
        "Invalid path '%s': The choice state's condition path references an invalid value."
            .formatted(path.text()),
        location);
  }

  private static Set<String> union(Condition... conditions) {
    Set<String> variables = new HashSet<>();
    for (Condition condition : conditions) {
      variables.addAll(condition.variables());
    }
    return Set.copyOf(variables);
  }

  /** And, Or: stops at the first rule that decides. */
  private record Junction(Condition[] conditions, boolean all) implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      for (Condition condition : conditions) {
        Evaluation result = condition.test(scope);
        if (!(result instanceof Value(Boolean matches))) {
          return result;
        }
        if (matches != all) {
          return result;
        }
      }
      return of(all);
    }

    @Override
    public Set<String> variables() {
      return union(conditions);
    }
  }

  private record Negation(Condition condition) implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      Evaluation result = condition.test(scope);
      return result instanceof Value(Boolean matches) ? of(!matches) : result;
    }

    @Override
    public Set<String> variables() {
      return condition.variables();
    }
  }

  private record Presence(JsonPathParser.Path variable, boolean expected) implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      return of((find(variable, scope) != null) == expected);
    }

    @Override
    public Set<String> variables() {
      return variable.root().variables();
    }
  }

  private record Typed(
      JsonPathParser.Path variable, TypeTest type, boolean expected, String location)
      implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      Object value = find(variable, scope);
      return value == null ? missing(variable, location) : of(type.test(value) == expected);
    }

    @Override
    public Set<String> variables() {
      return variable.root().variables();
    }
  }

  private record Matching(JsonPathParser.Path variable, Glob glob, String location)
      implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      Object value = find(variable, scope);
      return value == null
          ? missing(variable, location)
          : of(value instanceof String text && glob.matches(text));
    }

    @Override
    public Set<String> variables() {
      return variable.root().variables();
    }
  }

  private record Compared(
      JsonPathParser.Path variable, Comparison comparison, Object operand, String location)
      implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      Object value = find(variable, scope);
      return value == null ? missing(variable, location) : of(comparison.test(value, operand));
    }

    @Override
    public Set<String> variables() {
      return variable.root().variables();
    }
  }

  private record ComparedToPath(
      JsonPathParser.Path variable,
      Comparison comparison,
      JsonPathParser.Path operand,
      String location)
      implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      Object value = find(variable, scope);
      if (value == null) {
        return missing(variable, location);
      }
      Object other = find(operand, scope);
      return other == null ? missing(operand, location) : of(comparison.test(value, other));
    }

    @Override
    public Set<String> variables() {
      Set<String> variables = new HashSet<>(variable.root().variables());
      variables.addAll(operand.root().variables());
      return Set.copyOf(variables);
    }
  }
}
