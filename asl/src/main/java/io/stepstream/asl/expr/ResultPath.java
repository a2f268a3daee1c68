package io.stepstream.asl.expr;

/** Where a result goes into a state's raw input: a reference path, the whole, or nowhere. */
public interface ResultPath {

  /**
   * The raw input with the result at this path. Copies along the path and shares the rest; creates
   * missing fields. Fails with {@code States.ResultPathMatchFailure} where the path leads through a
   * value which isn't an object.
   */
  Evaluation put(Object rawInput, Object result);
}
