package io.stepstream.loadtests;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.loadtests.core.FiveStates;
import io.stepstream.schemas.Lane;

/** Many executions of a small machine. */
enum LoadScenario implements Machine {
  EXPRESS_TASK("express-task", Lane.EXPRESS, true, 1),
  STANDARD_TASK("standard-task", Lane.STANDARD, true, 1),
  STANDARD_CHAIN_10("standard-chain-10", Lane.STANDARD, true, 10),
  EXPRESS_PASS("express-pass", Lane.EXPRESS, false, 5);

  private static final String ONE_TASK =
      """
      {"StartAt": "Work", "States": {"Work": {%s, "End": true}}}
      """
          .formatted(TASK);

  /** Pass, Choice, Pass, Choice, Task, Pass, Choice, Pass, Choice, Succeed. */
  private static final String TEN_STATES =
      """
      {"StartAt": "One",
       "States": {
         "One": {"Type": "Pass", "Result": 1, "ResultPath": "$.step", "Next": "Two"},
         "Two": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 1, "Next": "Three"}],
           "Default": "Wrong"},
         "Three": {"Type": "Pass", "Result": 2, "ResultPath": "$.step", "Next": "Four"},
         "Four": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 2, "Next": "Five"}],
           "Default": "Wrong"},
         "Five": {%s, "Next": "Six"},
         "Six": {"Type": "Pass", "Result": 3, "ResultPath": "$.step", "Next": "Seven"},
         "Seven": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 3, "Next": "Eight"}],
           "Default": "Wrong"},
         "Eight": {"Type": "Pass", "Result": 4, "ResultPath": "$.step", "Next": "Nine"},
         "Nine": {
           "Type": "Choice",
           "Choices": [{"Variable": "$.step", "NumericEquals": 4, "Next": "Ten"}],
           "Default": "Wrong"},
         "Ten": {"Type": "Succeed"},
         "Wrong": {"Type": "Fail", "Error": "Bench.Wrong"}}}
      """
          .formatted(TASK);

  private final String label;
  private final Lane lane;
  private final boolean task;
  private final int transitions;

  LoadScenario(String label, Lane lane, boolean task, int transitions) {
    this.label = label;
    this.lane = lane;
    this.task = task;
    this.transitions = transitions;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Lane lane() {
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

  @Override
  public FloorShape floor() {
    return new FloorShape(exactlyOnce(), task);
  }

  @Override
  public String definition() {
    return switch (this) {
      case EXPRESS_TASK, STANDARD_TASK -> ONE_TASK;
      case STANDARD_CHAIN_10 -> TEN_STATES;
      case EXPRESS_PASS -> FiveStates.definition(QueryLanguage.JSON_PATH);
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
