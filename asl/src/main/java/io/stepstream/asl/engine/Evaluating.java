package io.stepstream.asl.engine;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import org.jspecify.annotations.Nullable;

/** Evaluates fields one after another; the first that has no usable value fails the state. */
final class Evaluating {

  private final Interpreter interpreter;
  private final Step step;
  private final Strand strand;
  private final QueryLanguage language;
  private boolean failed;

  Evaluating(Interpreter interpreter, Step step, Strand strand, QueryLanguage language) {
    this.interpreter = interpreter;
    this.step = step;
    this.strand = strand;
    this.language = language;
  }

  /** A field has had no usable value. */
  boolean failed() {
    return failed;
  }

  /** What the state's own fields see: its effective input. Null: there is none, it has failed. */
  @Nullable Scope scope(DataFlow data) {
    Scope scope = step.scope(strand);
    Object effective = value(interpreter.effectiveInput(data, scope));
    return effective == null ? null : scope.withInput(effective);
  }

  @Nullable Object value(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Value(Object json) -> json;
      case Evaluation.Failed(EvaluationError error) -> fail(error);
    };
  }

  @Nullable Object value(@Nullable Expression field, Scope scope, Object otherwise) {
    if (failed) {
      return null;
    }
    return field == null ? otherwise : value(field.evaluate(scope));
  }

  /** Null: there is no such field, or it has failed. */
  @Nullable Long count(@Nullable Expression field, Scope scope, String name) {
    Object value = failed || field == null ? null : value(field.evaluate(scope));
    if (field == null || value == null) {
      return null;
    }
    Long count = TypeErrors.integer(value, language);
    if (count == null) {
      fail(TypeErrors.notInteger(field, language, name, value));
    } else if (count < 0) {
      fail(TypeErrors.negative(language, name));
    }
    return count;
  }

  @Nullable Double percentage(@Nullable Expression field, Scope scope, String name) {
    Object value = failed || field == null ? null : value(field.evaluate(scope));
    if (field == null || value == null) {
      return null;
    }
    if (!(value instanceof Number number)) {
      fail(TypeErrors.notFloat(field, language, name, value));
      return null;
    }
    double percentage = number.doubleValue();
    if (percentage < 0 || percentage > 100) {
      fail(TypeErrors.notPercentage(language, name));
    }
    return percentage;
  }

  /** Fails the state; null, for callers that have nothing to tell then. */
  @Nullable Object fail(EvaluationError error) {
    failed = true;
    interpreter.fail(strand, step.evaluationFailure(strand, error));
    return null;
  }
}
