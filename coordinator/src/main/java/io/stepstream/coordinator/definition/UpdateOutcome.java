package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;

/** What became of a request to update a machine. */
public sealed interface UpdateOutcome {

  /** The current revision, a new one unless the request changed nothing. */
  record Updated(StateMachineRevision revision) implements UpdateOutcome {}

  record NoSuchMachine() implements UpdateOutcome {}

  /** The broker refuses records of this size. */
  record TooLarge() implements UpdateOutcome {}
}
