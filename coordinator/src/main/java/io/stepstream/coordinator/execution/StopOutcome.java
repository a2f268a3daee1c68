package io.stepstream.coordinator.execution;

import java.time.Instant;

/** What became of a stop. */
public sealed interface StopOutcome {

  /** This call has aborted it. */
  record Stopped(Instant stopDate) implements StopOutcome {}

  /** It had ended before; nothing has changed. */
  record AlreadyEnded(Instant stopDate) implements StopOutcome {}

  record NoSuchExecution() implements StopOutcome {}
}
