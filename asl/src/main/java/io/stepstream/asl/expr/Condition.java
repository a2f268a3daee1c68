package io.stepstream.asl.expr;

import java.util.Set;

/** The test of a Choice rule: a JSONPath comparison tree or a JSONata condition. */
public interface Condition {

  /**
   * A {@link Evaluation.Value} of a {@code Boolean}, or a failure. A value of the wrong type
   * doesn't match.
   */
  Evaluation test(Scope scope);

  /** Names of the workflow variables that this condition reads. */
  Set<String> variables();
}
