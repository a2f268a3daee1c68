package io.stepstream.asl.expr;

import java.util.Map;

/**
 * Compiles the fields of definitions.
 *
 * <p>Every method takes a decoded tree (see {@link io.stepstream.asl.json.Json}) and the location
 * of the field relative to its state, for example {@code Parameters} or {@code Catch[0]/Assign};
 * both query languages name the field by it when an evaluation fails.
 */
public final class Expressions {

  private Expressions() {}

  /** A constant, whatever it looks like: the fields whose text is never an expression. */
  public static Expression constant(Object json) {
    throw new UnsupportedOperationException();
  }

  /**
   * A JSONPath: {@code $.a}, {@code $$.Execution.Id}, {@code $variable.a}, also with filters,
   * wildcards, slices and {@code ..}, which give an array of all matches.
   */
  public static Compiled<Expression> path(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /**
   * As {@link #path}, but JSON's null is allowed and gives {@code {}}: InputPath and OutputPath.
   */
  public static Compiled<Expression> nullablePath(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /** A JSONPath that names one node, without filters, wildcards, slices and {@code ..}. */
  public static Compiled<Expression> referencePath(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /** A reference path or an intrinsic function: ErrorPath and CausePath. */
  public static Compiled<Expression> referencePathOrIntrinsic(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /**
   * A payload template: Parameters, ResultSelector, ItemSelector, JSONPath's Assign. Fields whose
   * name ends in {@code .$} hold a path or an intrinsic function, at any depth.
   */
  public static Compiled<Expression> template(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /**
   * The value of one field of a payload template, under the name without {@code .$} if it is an
   * expression: JSONPath's Assign, where every field is an expression of its own.
   */
  public static Compiled<Map<String, Expression>> templateFields(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /**
   * Any field of a JSONata state: strings {@code {% … %}} at any depth are expressions, all else is
   * constant.
   */
  public static Compiled<Expression> jsonata(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /** The fields of an object, each an expression of its own: JSONata's Assign. */
  public static Compiled<Map<String, Expression>> jsonataFields(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /** A ResultPath; JSON's null discards the result. An absent field is {@code "$"}. */
  public static Compiled<ResultPath> resultPath(Object json, String location) {
    throw new UnsupportedOperationException();
  }

  /**
   * The test of a JSONPath Choice rule: exactly one of And, Or, Not or a comparison with its
   * Variable. Other fields of the rule (Next, Assign, Comment, …) are ignored.
   */
  public static Compiled<Condition> choiceRule(Map<String, Object> rule, String location) {
    throw new UnsupportedOperationException();
  }

  /** The Condition of a JSONata Choice rule: a boolean or an expression that gives one. */
  public static Compiled<Condition> jsonataCondition(Object json, String location) {
    throw new UnsupportedOperationException();
  }
}
