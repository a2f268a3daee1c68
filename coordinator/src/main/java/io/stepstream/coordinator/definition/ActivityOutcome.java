package io.stepstream.coordinator.definition;

import io.stepstream.schemas.ActivityDefinition;

/** What became of a request to create an activity. */
public sealed interface ActivityOutcome {

  /** It is there, by this request or by an earlier one. */
  record Created(ActivityDefinition activity) implements ActivityOutcome {}

  /** The name belongs to an activity that is encrypted otherwise. */
  record AlreadyExists() implements ActivityOutcome {}
}
