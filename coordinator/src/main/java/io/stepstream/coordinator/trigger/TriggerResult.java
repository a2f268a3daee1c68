package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.definition.TriggerOutcome;

/** What became of a request to define a trigger. */
public sealed interface TriggerResult {

  record Decided(TriggerOutcome outcome) implements TriggerResult {}

  /**
   * It can't work so.
   *
   * @param member of the request
   * @param mend how to do better
   */
  record Invalid(String member, String detail, String mend) implements TriggerResult {}
}
