package io.stepstream.asl.expr;

import io.stepstream.asl.expr.JsonataProgram.Outcome;
import io.stepstream.asl.json.Json;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A string {@code {% … %}} of a JSONata state. */
final class JsonataExpression implements Expression {

  private static final String OPEN = "{%";
  private static final String CLOSE = "%}";

  private final String text;
  private final JsonataProgram program;
  private final @Nullable JsonataShortcut shortcut;
  private final Set<String> variables;
  private final String location;
  private final ResultType type;

  private JsonataExpression(
      String text,
      JsonataProgram program,
      Set<String> variables,
      String location,
      ResultType type) {
    this.text = text;
    this.program = program;
    this.shortcut = JsonataShortcut.of(text);
    this.variables = variables;
    this.location = location;
    this.type = type;
  }

  static boolean isExpression(String text) {
    return text.length() >= OPEN.length() + CLOSE.length()
        && text.startsWith(OPEN)
        && text.endsWith(CLOSE);
  }

  static Compiled<Expression> compile(String json, String location, ResultType type) {
    String text = json.substring(OPEN.length(), json.length() - CLOSE.length()).strip();
    JsonataScanner.Scan scan = JsonataScanner.scan(text);
    return switch (JsonataProgram.compile(scan)) {
      case JsonataProgram.Result.Refused(String message) ->
          new Compiled.Invalid<>("INVALID_JSONATA_EXPRESSION", message, location);
      case JsonataProgram.Result.Ok(JsonataProgram program) -> {
        String unsupported = scan.unsupported();
        yield unsupported != null
            ? new Compiled.Invalid<>(
                "UNSUPPORTED_JSONATA_EXPRESSION",
                "Reference to '%s' at the top level is not supported.".formatted(unsupported),
                location)
            : new Compiled.Ok<>(
                new JsonataExpression(text, program, workflowVariables(scan), location, type));
      }
    };
  }

  private static Set<String> workflowVariables(JsonataScanner.Scan scan) {
    Set<String> variables = new HashSet<>();
    for (String name : scan.referenced()) {
      if (!scan.local().contains(name)
          && !name.equals("states")
          && !JsonataFunction.isFunction(name)) {
        variables.add(name);
      }
    }
    return Set.copyOf(variables);
  }

  @Override
  public Evaluation evaluate(Scope scope) {
    Object known = shortcut == null ? null : shortcut.find(scope);
    if (known != null) {
      return typed(known);
    }
    return switch (program.evaluate(scope)) {
      case Outcome.Value(Object json) -> typed(json);
      case Outcome.Undefined _ -> failed("returned nothing (undefined).");
      case Outcome.Failed(String code, String message) ->
          failed(
              code == null
                  ? "threw an error during evaluation: " + message
                  : "threw an error during evaluation. " + code + ": " + message);
    };
  }

  private Evaluation typed(Object json) {
    return type.accepts(json)
        ? new Evaluation.Value(json)
        : failed(
            "returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
                .formatted(type.aslName(), Json.typeName(json), Json.encode(json)));
  }

  private Evaluation failed(String what) {
    return Evaluation.failed(
        "States.QueryEvaluationError",
        "The JSONata expression '%s' specified for the field '%s' %s"
            .formatted(text, location, what),
        location);
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
