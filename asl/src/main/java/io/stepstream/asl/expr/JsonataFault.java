package io.stepstream.asl.expr;

import org.jspecify.annotations.Nullable;

/**
 * Carries a failure out through a library that we called back from; never leaves the package. The
 * adapters turn it into a value.
 */
final class JsonataFault extends RuntimeException {

  /** JSONata's code of the error, for example T1006; null for an exceeded bound. */
  private final @Nullable String code;

  JsonataFault(String message) {
    this(null, message);
  }

  JsonataFault(@Nullable String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  @Nullable String code() {
    return code;
  }

  static JsonataFault timeout() {
    return new JsonataFault("Expression evaluation timeout: Check for infinite loop");
  }

  static JsonataFault memory() {
    return new JsonataFault(
        "Expression evaluation memory limit exceeded: Check for excessive memory usage");
  }

  static JsonataFault stackOverflow() {
    return new JsonataFault(
        "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as"
            + " tail-recursive.");
  }
}
