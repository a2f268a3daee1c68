package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * AWS's wording where an expression is defined but of the wrong type or out of range for its field.
 */
final class TypeErrors {

  private static final Pattern SPELLED = Pattern.compile("[+-]?\\d{1,18}");

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

  /** A whole number; paths may also lead to a string that spells one. Null: it is neither. */
  static @Nullable Long integer(Object value, QueryLanguage language) {
    if (isInteger(value)) {
      return ((Number) value).longValue();
    }
    return language == QueryLanguage.JSON_PATH
            && value instanceof String text
            && SPELLED.matcher(text).matches()
        ? Long.valueOf(text)
        : null;
  }

  /** AWS's words for a field of a Map state that must be a whole number. */
  static EvaluationError notInteger(
      Expression expression, QueryLanguage language, String field, Object value) {
    return notNumber(expression, language, field, "integer", value);
  }

  /** As {@link #notInteger}, for a field that may be a fraction. */
  static EvaluationError notFloat(
      Expression expression, QueryLanguage language, String field, Object value) {
    return notNumber(expression, language, field, "float", value);
  }

  private static EvaluationError notNumber(
      Expression expression, QueryLanguage language, String field, String kind, Object value) {
    return switch (language) {
      case JSONATA -> unexpected(expression, language, field, kind, value);
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME,
              "The %sPath field refers to value \"%s\" which is not a valid %s: %s"
                  .formatted(field, plain(value), kind, expression.source()),
              field + "Path");
    };
  }

  /** Of what a reader of items is asked for. */
  static EvaluationError notObject(Expression expression, QueryLanguage language, Object value) {
    return switch (language) {
      case JSONATA -> unexpected(expression, language, "Arguments", "object", value);
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME,
              "The Parameters of the ItemReader must be an object, but are a %s: %s"
                  .formatted(Json.typeName(value), Json.encode(value)),
              "Parameters");
    };
  }

  static EvaluationError notPercentage(QueryLanguage language, String field) {
    return switch (language) {
      case JSONATA ->
          new EvaluationError(
              "States.QueryEvaluationError", field + " must be between 0 and 100.", field);
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME, field + " must be between 0 and 100.", field + "Path");
    };
  }

  static EvaluationError negative(QueryLanguage language, String field) {
    return switch (language) {
      case JSONATA ->
          new EvaluationError("States.QueryEvaluationError", field + " cannot be negative.", field);
      case JSON_PATH ->
          new EvaluationError(Failure.RUNTIME, field + " cannot be negative.", field + "Path");
    };
  }

  /** As AWS shows values in its messages: strings without quotes, others as JSON. */
  static String plain(Object value) {
    return value instanceof String text ? text : Json.encode(value);
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
