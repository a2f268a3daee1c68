package io.stepstream.loadtests;

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

  /** Set, choice, set, choice, set. */
  private static final String PASS =
      """
      {"StartAt": "First",
       "States": {
         "First": {"Type": "Pass", "Result": 1, "ResultPath": "$.step", "Next": "IsOne"},
         "IsOne": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 1, "Next": "Second"}],
           "Default": "Wrong"},
         "Second": {"Type": "Pass", "Result": 2, "ResultPath": "$.step", "Next": "IsTwo"},
         "IsTwo": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 2, "Next": "Third"}],
           "Default": "Wrong"},
         "Third": {"Type": "Pass", "Result": 3, "ResultPath": "$.step", "End": true},
         "Wrong": {"Type": "Fail", "Error": "Bench.Wrong"}}}
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

  String definition() {
    return task ? TASK : PASS;
  }

  @Override
  public String toString() {
    return label;
  }
}
