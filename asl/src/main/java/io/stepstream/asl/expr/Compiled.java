package io.stepstream.asl.expr;

/** The outcome of compiling a field of a definition. */
public sealed interface Compiled<T> {

  record Ok<T>(T value) implements Compiled<T> {}

  /**
   * The field is not valid.
   *
   * @param code AWS's code of the diagnostic, {@code SCHEMA_VALIDATION_FAILED}, {@code
   *     INVALID_JSONATA_EXPRESSION} or {@code UNSUPPORTED_JSONATA_EXPRESSION}
   * @param message AWS's wording, for example {@code The value for the field 'a.$' must be a valid
   *     JSONPath or a valid intrinsic function call}
   * @param location the object or value which the message is about, relative to its state, for
   *     example {@code Parameters/a}
   */
  record Invalid<T>(String code, String message, String location) implements Compiled<T> {

    static <T> Invalid<T> schema(String message, String location) {
      return new Invalid<>("SCHEMA_VALIDATION_FAILED", message, location);
    }

    /** The same problem as that of a part, for a result of another type. */
    <U> Invalid<U> as() {
      return new Invalid<>(code, message, location);
    }
  }
}
