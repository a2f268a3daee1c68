package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * AWS's wording where an expression is defined but of the wrong type or out of range for its field.
 */
final class TypeErrors {

  private TypeErrors() {}

  static boolean isInteger(Object value) {
    return switch (value) {
      case Integer _, Long _ -> true;
      case BigInteger big -> big.bitLength() < 63;
      case Double d -> d == Math.rint(d) && Math.abs(d) < 1e15;
      case BigDecimal decimal -> decimal.stripTrailingZeros().scale() <= 0;
      default -> false;
    };
  }

  static EvaluationError unexpected(
      Expression expression, QueryLanguage language, String field, String expected, Object value) {
    return switch (language) {
      case JSONATA ->
          new EvaluationError(
              "States.QueryEvaluationError",
              "The JSONata expression '%s' specified for the field '%s' returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
                  .formatted(
                      expression.source(),
                      field,
                      expected,
                      Json.typeName(value),
                      Json.encode(value)),
              field);
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME,
              "The %s parameter cannot be parsed as a %s value: %s == %s"
                  .formatted(field + "Path", expected, expression.source(), Json.encode(value)),
              field + "Path");
    };
  }

  static EvaluationError outOfRange(
      Expression expression,
      QueryLanguage language,
      String field,
      long min,
      long max,
      Object value) {
    return switch (language) {
      case JSONATA ->
          new EvaluationError(
              "States.QueryEvaluationError",
              "The JSONata expression '%s' specified for the field '%s' returned a value outside the range [%d, %d]: %s"
                  .formatted(expression.source(), field, min, max, Json.encode(value)),
              field);
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME,
              "The %s parameter is outside the range [%d, %d]: %s == %s"
                  .formatted(field + "Path", min, max, expression.source(), Json.encode(value)),
              field + "Path");
    };
  }
}
