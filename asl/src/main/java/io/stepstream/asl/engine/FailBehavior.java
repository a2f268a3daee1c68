package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import org.jspecify.annotations.Nullable;

/** A Fail state: fails its flow with an error and a cause. */
final class FailBehavior {

  private FailBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Fail fail) {
    Scope scope = step.scope(strand);
    if (fail.queryLanguage() == QueryLanguage.JSON_PATH) {
      // The state has no InputPath, and AWS shows what it would have given.
      step.show(Inspection.Stage.AFTER_INPUT_PATH, scope.input());
    }
    String[] texts = new String[2];
    @Nullable Expression[] fields = {fail.error(), fail.cause()};
    for (int i = 0; i < fields.length; i++) {
      Expression field = fields[i];
      if (field == null) {
        continue;
      }
      switch (field.evaluate(scope)) {
        case Evaluation.Failed failed -> {
          interpreter.flowFailed(strand, step.evaluationFailure(strand, failed.error()));
          return;
        }
        case Evaluation.Value(String text) -> texts[i] = text;
        case Evaluation.Value(Object other) -> {
          interpreter.flowFailed(
              strand,
              step.evaluationFailure(
                  strand,
                  TypeErrors.unexpected(
                      field, fail.queryLanguage(), i == 0 ? "Error" : "Cause", "string", other)));
          return;
        }
      }
    }
    interpreter.flowFailed(strand, Failure.of(texts[0], texts[1]));
  }
}
