package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A call of an intrinsic function with its arguments. */
final class IntrinsicCall implements Expression {

  private final Intrinsic function;
  private final List<Expression> arguments;
  private final String text;
  private final String location;
  private final Set<String> variables;

  IntrinsicCall(Intrinsic function, List<Expression> arguments, String text, String location) {
    this.function = function;
    this.arguments = List.copyOf(arguments);
    this.text = text;
    this.location = location;
    Set<String> used = new HashSet<>();
    for (Expression argument : arguments) {
      used.addAll(argument.variables());
    }
    this.variables = Set.copyOf(used);
  }

  /**
   * A string argument.
   *
   * @param raw the text between the quotes: States.Format must still see which braces are escaped
   */
  record Literal(String value, String raw) implements Expression {
    @Override
    public Evaluation evaluate(Scope scope) {
      return new Evaluation.Value(value);
    }

    @Override
    public String source() {
      return raw;
    }

    @Override
    public Set<String> variables() {
      return Set.of();
    }
  }

  @Override
  public Evaluation evaluate(Scope scope) {
    List<Object> values = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      Expression argument = arguments.get(i);
      if (i == 0 && function == Intrinsic.FORMAT && argument instanceof Literal literal) {
        values.add(literal.raw());
        continue;
      }
      switch (argument.evaluate(scope)) {
        case Evaluation.Value(Object json) -> values.add(json);
        case Evaluation.Failed failed -> {
          return failed;
        }
      }
    }
    return switch (function.apply(values, scope.entropy())) {
      case Intrinsic.Result.Value(Object json) -> new Evaluation.Value(json);
      case Intrinsic.Result.Refused(String why) ->
          Evaluation.failed(
              "States.IntrinsicFailure",
              "The function '%s' had the following error: %s".formatted(text, why),
              location);
    };
  }

  @Override
  public String source() {
    return text;
  }

  @Override
  public Set<String> variables() {
    return variables;
  }
}
