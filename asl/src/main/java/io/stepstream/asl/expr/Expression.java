package io.stepstream.asl.expr;

import java.util.Set;

/**
 * A compiled value of a definition's field: a constant, a path, an intrinsic function, a JSONata
 * expression or a template which holds any of these at any depth. Immutable and safe to share
 * between threads.
 */
public interface Expression {

  /** Never throws for what users can cause; total time and output size are bounded. */
  Evaluation evaluate(Scope scope);

  /**
   * The text of the expression as the definition has it, for error texts; JSONata without its
   * braces.
   */
  String source();

  /** Names of the workflow variables that this expression reads, without the {@code $}. */
  Set<String> variables();
}
