package io.stepstream.loadtests;

/**
 * What bare Kafka does beside a scenario.
 *
 * @param exactlyOnce in transactions, with the Standard lane's configuration
 * @param task whether a worker takes part
 */
record FloorShape(boolean exactlyOnce, boolean task) {

  /**
   * Executions under way at once which saturate it, and an engine that does the same: more only
   * wait, and an Express execution that waits for longer than a commit interval costs more records.
   * Exactly once, each rests until a commit, so there must be many.
   */
  int inFlight() {
    return exactlyOnce ? 4_000 : 1_000;
  }
}
