package io.stepstream.coordinator.definition;

/** What became of a request to change tags. */
public enum TagOutcome {
  DONE,
  NO_SUCH_RESOURCE,
  TOO_MANY
}
