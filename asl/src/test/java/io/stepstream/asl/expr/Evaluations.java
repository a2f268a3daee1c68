package io.stepstream.asl.expr;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.Map;

/** Short forms for tests of expressions. */
final class Evaluations {

  private Evaluations() {}

  static Object json(String text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed + " in " + text);
    };
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    return (Map<String, Object>) json(text);
  }

  static Scope scope(String input) {
    return scope(input, "{}");
  }

  static Scope scope(String input, String variables) {
    return new Scope(
        json(input),
        object("{\"Execution\":{\"Id\":\"arn:1\",\"Name\":\"one\"},\"State\":{\"Name\":\"S\"}}"),
        null,
        null,
        object(variables),
        new FixedEntropy());
  }

  static <T> T ok(Compiled<T> compiled) {
    return switch (compiled) {
      case Compiled.Ok<T>(T value) -> value;
      case Compiled.Invalid<T> invalid -> throw new AssertionError(invalid.toString());
    };
  }

  static <T> Compiled.Invalid<T> invalid(Compiled<T> compiled) {
    return switch (compiled) {
      case Compiled.Ok<T> ok -> throw new AssertionError("valid: " + ok.value());
      case Compiled.Invalid<T> invalid -> invalid;
    };
  }

  /** The text of the value. */
  static String value(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Value(Object json) -> Json.encode(json);
      case Evaluation.Failed(EvaluationError error) -> throw new AssertionError(error.toString());
    };
  }

  static EvaluationError error(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Value(Object json) -> throw new AssertionError("succeeded: " + json);
      case Evaluation.Failed(EvaluationError error) -> error;
    };
  }
}
