package io.stepstream.loadtests;

/** What every engine of a comparison does. */
enum Work {
  ONE_TASK("one-task", "one task /s"),
  FIVE_NODES("five-nodes", "five nodes /s"),
  FOR_EACH("for-each", "for-each items/s"),
  LATENCY("latency", "p50 / p99 ms");

  private final String label;
  private final String heading;

  Work(String label, String heading) {
    this.label = label;
    this.heading = heading;
  }

  /** The name in JSON. */
  String label() {
    return label;
  }

  /** Of a table's column. */
  String heading() {
    return heading;
  }
}
