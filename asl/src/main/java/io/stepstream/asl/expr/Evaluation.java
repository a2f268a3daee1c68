package io.stepstream.asl.expr;

/** The outcome of evaluating an {@link Expression}. */
public sealed interface Evaluation {

  /**
   * The expression is defined and has this value, a tree as {@link io.stepstream.asl.json.Json}
   * describes.
   */
  record Value(Object json) implements Evaluation {}

  /** The expression has no value. */
  record Failed(EvaluationError error) implements Evaluation {}

  static Evaluation of(Object json) {
    return new Value(json);
  }

  static Evaluation failed(String error, String cause, String location) {
    return new Failed(new EvaluationError(error, cause, location));
  }
}
