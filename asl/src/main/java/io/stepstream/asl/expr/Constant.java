package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.Set;

/** A value that was written into the definition. Shared by all evaluations, so never written to. */
record Constant(Object json, Evaluation.Value value) implements Expression {

  Constant(Object json) {
    this(json, new Evaluation.Value(json));
  }

  @Override
  public Evaluation evaluate(Scope scope) {
    return value;
  }

  @Override
  public String source() {
    return Json.encode(json);
  }

  @Override
  public Set<String> variables() {
    return Set.of();
  }
}
