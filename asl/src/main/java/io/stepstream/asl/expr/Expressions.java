package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.Map;
import java.util.Set;

/**
 * Compiles the fields of definitions.
 *
 * <p>Every method takes a decoded tree (see {@link io.stepstream.asl.json.Json}) and the location
 * of the field relative to its state, for example {@code Parameters} or {@code Catch[0]/Assign};
 * both query languages name the field by it when an evaluation fails.
 */
public final class Expressions {

  private static final Set<String> WAIT_PATHS = Set.of("SecondsPath", "TimestampPath");
  private static final Set<String> FAIL_PATHS = Set.of("ErrorPath", "CausePath");

  private Expressions() {}

  /** A constant, whatever it looks like: the fields whose text is never an expression. */
  public static Expression constant(Object json) {
    return new Constant(json);
  }

  /**
   * A JSONPath: {@code $.a}, {@code $$.Execution.Id}, {@code $variable.a}, also with filters,
   * wildcards, slices and {@code ..}, which give an array of all matches.
   */
  public static Compiled<Expression> path(Object json, String location) {
    JsonPathParser.Path path = json instanceof String text ? JsonPathParser.parse(text) : null;
    return path == null
        ? Compiled.Invalid.schema("Value is not a valid JSONPath", location)
        : new Compiled.Ok<>(expression(path, location));
  }

  /**
   * As {@link #path}, but JSON's null is allowed and gives {@code {}}: InputPath and OutputPath.
   */
  public static Compiled<Expression> nullablePath(Object json, String location) {
    return json == Json.NULL ? new Compiled.Ok<>(new Constant(Map.of())) : path(json, location);
  }

  /** A JSONPath that names one node, without filters, wildcards, slices and {@code ..}. */
  public static Compiled<Expression> referencePath(Object json, String location) {
    JsonPathParser.Path path = json instanceof String text ? JsonPathParser.parse(text) : null;
    return path == null || !path.isReference()
        ? Compiled.Invalid.schema("Value is not a Reference Path", location)
        : new Compiled.Ok<>(expression(path, location));
  }

  /** A reference path or an intrinsic function: ErrorPath and CausePath. */
  public static Compiled<Expression> referencePathOrIntrinsic(Object json, String location) {
    if (json instanceof String text && !text.startsWith("$")) {
      Expression call = IntrinsicParser.parse(text, location);
      if (call != null) {
        return new Compiled.Ok<>(call);
      }
    }
    return referencePath(json, location);
  }

  private static Expression expression(JsonPathParser.Path path, String location) {
    String field = location.substring(location.lastIndexOf('/') + 1);
    PathExpression.Wording wording =
        WAIT_PATHS.contains(field)
            ? PathExpression.Wording.NO_INPUT_VALUE
            : FAIL_PATHS.contains(field)
                ? PathExpression.Wording.NOT_FOUND_FOR_FIELD
                : PathExpression.Wording.INVALID_PATH;
    return new PathExpression(path, wording, field, location);
  }

  /**
   * A payload template: Parameters, ResultSelector, ItemSelector. Fields whose name ends in {@code
   * .$} hold a path or an intrinsic function, at any depth.
   */
  public static Compiled<Expression> template(Object json, String location) {
    return PayloadTemplates.compile(json, location);
  }

  /**
   * The fields of a payload template, each an expression of its own under the name that its result
   * has: JSONPath's Assign.
   */
  public static Compiled<Map<String, Expression>> templateFields(Object json, String location) {
    return json instanceof Map<?, ?> object
        ? PayloadTemplates.fields(object, location)
        : Compiled.Invalid.schema("Expected value of type Object", location);
  }

  /**
   * Any field of a JSONata state: strings {@code {% … %}} at any depth are expressions, all else is
   * constant.
   */
  public static Compiled<Expression> jsonata(Object json, String location) {
    return JsonataTemplates.compile(json, location, ResultType.ANY);
  }

  /**
   * As {@link #jsonata(Object, String)} for a field that must have a type. Checked when an
   * expression is evaluated; whether a constant has the type is for the caller to see.
   */
  public static Compiled<Expression> jsonata(Object json, String location, ResultType type) {
    return JsonataTemplates.compile(json, location, type);
  }

  /** The fields of an object, each an expression of its own: JSONata's Assign. */
  public static Compiled<Map<String, Expression>> jsonataFields(Object json, String location) {
    return json instanceof Map<?, ?> object
        ? JsonataTemplates.fields(object, location)
        : Compiled.Invalid.schema("Expected value of type Object", location);
  }

  /** True if a string of a JSONata state is an expression. */
  public static boolean isJsonata(Object json) {
    return json instanceof String text && JsonataExpression.isExpression(text);
  }

  /** A ResultPath; JSON's null discards the result. An absent field is {@code "$"}. */
  public static Compiled<ResultPath> resultPath(Object json, String location) {
    return ResultPaths.compile(json, location);
  }

  /**
   * The test of a JSONPath Choice rule: exactly one of And, Or, Not or a comparison with its
   * Variable. Other fields of the rule (Next, Assign, Comment, …) are ignored.
   */
  public static Compiled<Condition> choiceRule(Map<String, Object> rule, String location) {
    return ChoiceRules.compile(rule, location);
  }

  /**
   * The Condition of a JSONata Choice rule: a boolean or an expression that gives one.
   *
   * @param location of the condition, for example {@code Choices[0]/Condition}
   */
  public static Compiled<Condition> jsonataCondition(Object json, String location) {
    if (!(json instanceof Boolean) && !isJsonata(json)) {
      return Compiled.Invalid.schema("Expected value of type Boolean", location);
    }
    return switch (jsonata(json, location, ResultType.BOOLEAN)) {
      case Compiled.Ok<Expression>(Expression expression) ->
          new Compiled.Ok<>(new JsonataCondition(expression));
      case Compiled.Invalid<Expression> invalid -> invalid.as();
    };
  }

  /** A boolean expression as the test of a rule. */
  private record JsonataCondition(Expression expression) implements Condition {
    @Override
    public Evaluation test(Scope scope) {
      return expression.evaluate(scope);
    }

    @Override
    public Set<String> variables() {
      return expression.variables();
    }
  }
}
