package io.stepstream.coordinator.trigger;

/** What a trigger makes of a record. */
sealed interface RecordVerdict {

  /** The filter leaves it out. */
  record Filtered() implements RecordVerdict {}

  /**
   * It starts an execution.
   *
   * @param name within AWS's rules, the same each time the record is read
   * @param input JSON within the limit
   * @param context the context object's Trigger; JSON
   */
  record Start(String name, byte[] input, byte[] context) implements RecordVerdict {}

  /** Nothing can be made of it. */
  record Poison(String reason) implements RecordVerdict {}
}
