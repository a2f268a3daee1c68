package io.stepstream.coordinator.execution;

import java.time.Instant;

/** What became of a start. */
public sealed interface StartOutcome {

  /**
   * It runs; or it ran already under the same name with the same input, and this is that execution.
   */
  record Started(String executionArn, Instant startDate) implements StartOutcome {}

  /** The name is taken by an execution with another input, or by one that has ended. */
  record AlreadyExists(String executionArn) implements StartOutcome {}

  /** The execution's partition is behind; nothing was done. */
  record Throttled() implements StartOutcome {}
}
