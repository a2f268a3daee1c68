package io.stepstream.asl.engine;

import io.stepstream.asl.definition.ChoiceRule;
import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Choice state: the first rule whose condition holds says where to go. */
final class ChoiceBehavior {

  private ChoiceBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Choice choice) {
    Scope scope = step.scope(strand);
    Object effective;
    switch (interpreter.effectiveInput(choice.data(), scope)) {
      case Evaluation.Failed failed -> {
        interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
        return;
      }
      case Evaluation.Value(Object input) -> effective = input;
    }
    Scope inner = scope.withInput(effective);
    for (ChoiceRule rule : choice.rules()) {
      switch (rule.condition().test(inner)) {
        case Evaluation.Failed failed -> {
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
          return;
        }
        case Evaluation.Value(Object holds) -> {
          if (Boolean.TRUE.equals(holds)) {
            leave(interpreter, strand, choice, rule, rule.next(), inner);
            return;
          }
        }
      }
    }
    if (choice.defaultNext() == null) {
      interpreter.fail(
          strand,
          Failure.of(
              "States.NoChoiceMatched",
              step.placed(
                  strand,
                  "Failed to transition out of the state. The state does not point to a next"
                      + " state.")));
      return;
    }
    leave(interpreter, strand, choice, null, choice.defaultNext(), inner);
  }

  /** A rule's own Output and Assign replace those of the state. */
  private static void leave(
      Interpreter interpreter,
      Strand strand,
      State.Choice choice,
      @Nullable ChoiceRule rule,
      String next,
      Scope scope) {
    Evaluation output = Evaluation.of(scope.input());
    switch (choice.data()) {
      case DataFlow.JsonPath path -> {
        if (path.outputPath() != null) {
          output = path.outputPath().evaluate(scope);
        }
      }
      case DataFlow.Jsonata jsonata -> {
        Expression expression =
            rule != null && rule.output() != null ? rule.output() : jsonata.output();
        if (expression != null) {
          output = expression.evaluate(scope);
        }
      }
    }
    Map<String, Expression> assign = rule != null ? rule.assign() : choice.data().assign();
    interpreter.failIf(
        strand, interpreter.leave(strand, output, assign, scope, new Transition.Next(next)));
  }
}
