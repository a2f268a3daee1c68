package io.stepstream.loadtests.faults;

/**
 * Something that must not be.
 *
 * @param subject what it is about, an execution's ARN mostly
 * @param what was seen, and what was expected
 */
record Violation(Invariant invariant, String subject, String what) {

  @Override
  public String toString() {
    return "%s %s: %s".formatted(invariant, subject, what);
  }
}
