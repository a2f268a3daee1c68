package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import org.jspecify.annotations.Nullable;

/** What became of a request to update a machine. */
public sealed interface UpdateOutcome {

  /**
   * The current revision, a new one unless the request changed nothing.
   *
   * @param version null: none was asked for
   */
  record Updated(StateMachineRevision revision, @Nullable StateMachineVersion version)
      implements UpdateOutcome {}

  record NoSuchMachine() implements UpdateOutcome {}

  record Deleting() implements UpdateOutcome {}

  record TooManyVersions() implements UpdateOutcome {}

  /** The broker refuses records of this size. */
  record TooLarge() implements UpdateOutcome {}
}
