package io.stepstream.loadtests;

/** A measurement that came to nothing; the message is a sentence for the user. */
final class BenchFailure extends RuntimeException {
  BenchFailure(String message) {
    super(message);
  }

  BenchFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
