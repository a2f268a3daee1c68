package io.stepstream.coordinator.simulation;

/** An invariant does not hold. */
final class Violation extends AssertionError {

  private static final long serialVersionUID = 1L;

  /**
   * @param invariant its number, as {@link HistoryChecks} tells what it says
   */
  Violation(String invariant, String what) {
    super(invariant + ": " + what);
  }
}
