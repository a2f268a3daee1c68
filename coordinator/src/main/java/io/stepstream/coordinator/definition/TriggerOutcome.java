package io.stepstream.coordinator.definition;

import io.stepstream.schemas.TopicTrigger;

/** What became of a request to change a trigger. */
public sealed interface TriggerOutcome {

  /** It is in force, by this request or by an earlier one. */
  record Done(TopicTrigger trigger) implements TriggerOutcome {}

  /** The name belongs to another trigger. */
  record AlreadyExists() implements TriggerOutcome {}

  /** There is no such trigger. */
  record NotFound() implements TriggerOutcome {}

  /** Somebody has changed it since it was looked at. */
  record Outdated() implements TriggerOutcome {}

  /** There are as many as there may be. */
  record TooMany(int most) implements TriggerOutcome {}
}
