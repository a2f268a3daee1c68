package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;

/** What became of a request to define a machine. */
public sealed interface CreateOutcome {

  /** It is defined, by this request or by an earlier one that asked for the same. */
  record Created(StateMachineRevision revision) implements CreateOutcome {}

  /** The name belongs to a machine that differs in something else than role and tags. */
  record AlreadyExists(String stateMachineArn) implements CreateOutcome {}

  /** The broker refuses records of this size. */
  record TooLarge() implements CreateOutcome {}
}
