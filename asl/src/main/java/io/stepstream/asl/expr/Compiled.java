package io.stepstream.asl.expr;

/** The outcome of compiling a field of a definition. */
public sealed interface Compiled<T> {

  record Ok<T>(T value) implements Compiled<T> {}

  /**
   * The field is not valid.
   *
   * @param message AWS's wording, for example {@code The value for the field 'a.$' must be a valid
   *     JSONPath or a valid intrinsic function call}
   * @param location the object or value which the message is about, relative to its state, for
   *     example {@code Parameters/a}
   */
  record Invalid<T>(String message, String location) implements Compiled<T> {}
}
