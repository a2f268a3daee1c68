package io.stepstream.coordinator.trigger;

/** What became of the start that a record asks for. */
sealed interface StartResult {

  /** The execution is there, by this start or by an earlier one of the same record. */
  record Started() implements StartResult {}

  /** Another execution has the name. */
  record NameTaken(String executionArn) implements StartResult {}

  /** It isn't the record's fault; it must be tried again. */
  record NotNow(String reason) implements StartResult {}
}
