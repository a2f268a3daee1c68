package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;

/** A Pass state: its Result, or else its Parameters, stands for a result. */
final class PassBehavior {

  private PassBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Pass pass) {
    if (pass.result() != null) {
      step.show(Inspection.Stage.RESULT, pass.result());
      interpreter.complete(strand, pass.data(), null, pass.result(), pass.transition());
      return;
    }
    switch (interpreter.arguments(pass.data(), step.scope(strand))) {
      case Evaluation.Failed failed ->
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
      case Evaluation.Value(Object value) ->
          interpreter.complete(strand, pass.data(), null, value, pass.transition());
    }
  }
}
