package io.stepstream.loadtests;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.loadtests.core.FiveStates;
import io.stepstream.schemas.Lane;

/** What is executed. */
enum Scenario {
  EXPRESS_TASK("express-task", Lane.EXPRESS, true, 1),
  STANDARD_TASK("standard-task", Lane.STANDARD, true, 1),
  EXPRESS_PASS("express-pass", Lane.EXPRESS, false, 5);

  /** The function that the task machine calls. */
  static final String FUNCTION = "bench";

  private static final String TASK =
      """
      {"StartAt": "Work",
       "States": {
         "Work": {
           "Type": "Task",
           "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bench",
           "End": true}}}
      """;

  private final String label;
  private final Lane lane;
  private final boolean task;
  private final int transitions;

  Scenario(String label, Lane lane, boolean task, int transitions) {
    this.label = label;
    this.lane = lane;
    this.task = task;
    this.transitions = transitions;
  }

  /** The name on the command line. */
  String label() {
    return label;
  }

  Lane lane() {
    return lane;
  }

  boolean exactlyOnce() {
    return lane == Lane.STANDARD;
  }

  /** Whether a worker takes part. */
  boolean task() {
    return task;
  }

  /** States entered per execution. */
  int transitions() {
    return transitions;
  }

  /**
   * Executions under way at once which saturate the scenario: more only wait, and an Express
   * execution that waits for longer than a commit interval costs more records. Exactly once, each
   * rests until a commit, so there must be many.
   */
  int inFlight() {
    return exactlyOnce() ? 4_000 : 1_000;
  }

  String definition() {
    return task ? TASK : FiveStates.definition(QueryLanguage.JSON_PATH);
  }

  @Override
  public String toString() {
    return label;
  }
}
