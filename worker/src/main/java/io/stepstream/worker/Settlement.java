package io.stepstream.worker;

/** What the broker is told about an order. */
enum Settlement {
  /** Done: the result is with the broker, or nobody waits for it. */
  ACCEPT,
  /** To be delivered again: the task never started, or its result could not be published. */
  RELEASE,
  /** Never to be delivered again: it can't be read; its bytes are in the dead-letter queue. */
  REJECT
}
