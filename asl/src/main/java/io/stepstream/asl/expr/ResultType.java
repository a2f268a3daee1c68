package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;

/** What a JSONata field must give; anything else is a States.QueryEvaluationError. */
public enum ResultType {
  ANY,
  STRING,
  NUMBER,
  BOOLEAN,
  ARRAY,
  OBJECT;

  boolean accepts(Object json) {
    return this == ANY || aslName().equals(Json.typeName(json));
  }

  /** The name in AWS's error messages. */
  String aslName() {
    return switch (this) {
      case ANY -> "any";
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case OBJECT -> "object";
    };
  }
}
