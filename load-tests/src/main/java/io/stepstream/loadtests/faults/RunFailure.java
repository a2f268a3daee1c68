package io.stepstream.loadtests.faults;

/** The run can't go on; the message is a sentence for the user. */
final class RunFailure extends RuntimeException {
  RunFailure(String message) {
    super(message);
  }
}
