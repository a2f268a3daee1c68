package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The comparison operators of Choice rules. A value of the wrong type doesn't match. */
enum Comparison {
  STRING_EQUALS("StringEquals", Type.STRING),
  STRING_LESS_THAN("StringLessThan", Type.STRING),
  STRING_GREATER_THAN("StringGreaterThan", Type.STRING),
  STRING_LESS_THAN_EQUALS("StringLessThanEquals", Type.STRING),
  STRING_GREATER_THAN_EQUALS("StringGreaterThanEquals", Type.STRING),
  NUMERIC_EQUALS("NumericEquals", Type.NUMBER),
  NUMERIC_LESS_THAN("NumericLessThan", Type.NUMBER),
  NUMERIC_GREATER_THAN("NumericGreaterThan", Type.NUMBER),
  NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Type.NUMBER),
  NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Type.NUMBER),
  BOOLEAN_EQUALS("BooleanEquals", Type.BOOLEAN),
  TIMESTAMP_EQUALS("TimestampEquals", Type.TIMESTAMP),
  TIMESTAMP_LESS_THAN("TimestampLessThan", Type.TIMESTAMP),
  TIMESTAMP_GREATER_THAN("TimestampGreaterThan", Type.TIMESTAMP),
  TIMESTAMP_LESS_THAN_EQUALS("TimestampLessThanEquals", Type.TIMESTAMP),
  TIMESTAMP_GREATER_THAN_EQUALS("TimestampGreaterThanEquals", Type.TIMESTAMP);

  private enum Type {
    STRING,
    NUMBER,
    BOOLEAN,
    TIMESTAMP
  }

  /** An operator with this suffix takes its operand from a path. */
  private static final String PATH = "Path";

  private final String aslName;
  private final Type type;

  Comparison(String aslName, Type type) {
    this.aslName = aslName;
    this.type = type;
  }

  /**
   * The operator of that field name, or null.
   *
   * @param name with or without the suffix Path
   */
  static @Nullable Comparison named(String name) {
    for (Comparison comparison : values()) {
      if (name.equals(comparison.aslName)
          || (name.endsWith(PATH)
              && name.length() == comparison.aslName.length() + PATH.length()
              && name.startsWith(comparison.aslName))) {
        return comparison;
      }
    }
    return null;
  }

  boolean takesPath(String name) {
    return name.length() > aslName.length();
  }

  /** Why a constant can't be the operand; null if it can. */
  @Nullable String refuse(Object operand) {
    return switch (type) {
      case STRING -> operand instanceof String ? null : "Expected value of type String";
      case NUMBER -> operand instanceof Number ? null : "Expected value of type Number";
      case BOOLEAN -> operand instanceof Boolean ? null : "Expected value of type Boolean";
      case TIMESTAMP ->
          Timestamps.parse(operand) != null ? null : "String does not match RFC3339 timestamp";
    };
  }

  boolean test(Object value, Object operand) {
    return switch (type) {
      case STRING ->
          value instanceof String a && operand instanceof String b && accepts(a.compareTo(b));
      case NUMBER ->
          value instanceof Number a && operand instanceof Number b && accepts(Json.compare(a, b));
      case BOOLEAN -> value instanceof Boolean && value.equals(operand);
      case TIMESTAMP -> {
        OffsetDateTime a = Timestamps.parse(value);
        OffsetDateTime b = a == null ? null : Timestamps.parse(operand);
        yield b != null && accepts(a.toInstant().compareTo(b.toInstant()));
      }
    };
  }

  private boolean accepts(int order) {
    return switch (this) {
      case STRING_EQUALS, NUMERIC_EQUALS, TIMESTAMP_EQUALS, BOOLEAN_EQUALS -> order == 0;
      case STRING_LESS_THAN, NUMERIC_LESS_THAN, TIMESTAMP_LESS_THAN -> order < 0;
      case STRING_GREATER_THAN, NUMERIC_GREATER_THAN, TIMESTAMP_GREATER_THAN -> order > 0;
      case STRING_LESS_THAN_EQUALS, NUMERIC_LESS_THAN_EQUALS, TIMESTAMP_LESS_THAN_EQUALS ->
          order <= 0;
      case STRING_GREATER_THAN_EQUALS, NUMERIC_GREATER_THAN_EQUALS, TIMESTAMP_GREATER_THAN_EQUALS ->
          order >= 0;
    };
  }
}
