package io.stepstream.coordinator.execution;

import java.time.Instant;

/** What became of a synchronous start. */
public sealed interface SyncOutcome {

  /** The execution has ended, well or badly. */
  record Ended(ExecutionDescription execution) implements SyncOutcome {}

  /** Nobody waits any longer; the execution may still end. */
  record TimedOutWaiting(String executionArn, String name, Instant startDate)
      implements SyncOutcome {}

  /** The execution's partition is behind; nothing was done. */
  record Throttled() implements SyncOutcome {}
}
