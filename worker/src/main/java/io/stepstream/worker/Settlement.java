package io.stepstream.worker;

/** What the broker is told about an order. */
enum Settlement {
  /** Done: the result is with the broker, or nobody waits for it. */
  ACCEPT,
  /**
   * To be delivered again: the task never started, or its result could not be published. {@link
   * TaskRunner} publishes the order anew instead when the broker would soon drop its record.
   */
  RELEASE,
  /** Never to be delivered again: its bytes are in the dead-letter queue. */
  REJECT
}
