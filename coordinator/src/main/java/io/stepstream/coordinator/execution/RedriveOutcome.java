package io.stepstream.coordinator.execution;

import java.time.Instant;

/** What became of a redrive. */
public sealed interface RedriveOutcome {

  /** By this call, or by an earlier one with its token. */
  record Redriven(Instant redriveDate) implements RedriveOutcome {}

  /**
   * Nothing has changed.
   *
   * @param reason in AWS's words
   */
  record NotRedrivable(String reason) implements RedriveOutcome {}

  record NoSuchExecution() implements RedriveOutcome {}
}
