package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import org.jspecify.annotations.Nullable;

/** What became of a request to define a machine. */
public sealed interface CreateOutcome {

  /**
   * It is defined, by this request or by an earlier one that asked for the same.
   *
   * @param version null: none was asked for
   */
  record Created(StateMachineRevision revision, @Nullable StateMachineVersion version)
      implements CreateOutcome {}

  /** The name belongs to a machine that differs in something else than role and tags. */
  record AlreadyExists() implements CreateOutcome {}

  /** The name belongs to a machine that is being deleted. */
  record Deleting() implements CreateOutcome {}

  /** The broker refuses records of this size. */
  record TooLarge() implements CreateOutcome {}
}
