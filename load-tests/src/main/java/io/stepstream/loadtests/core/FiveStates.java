package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;

/** The machine of five states without a task: set, choice, set, choice, set. */
public final class FiveStates {

  private static final String JSON_PATH =
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

  private static final String JSONATA =
      """
      {"QueryLanguage": "JSONata",
       "StartAt": "First",
       "States": {
         "First": {
           "Type": "Pass",
           "Output": "{% $merge([$states.input, {'step': 1}]) %}",
           "Next": "IsOne"},
         "IsOne": {
           "Type": "Choice",
           "Choices": [{"Condition": "{% $states.input.step = 1 %}", "Next": "Second"}],
           "Default": "Wrong"},
         "Second": {
           "Type": "Pass",
           "Output": "{% $merge([$states.input, {'step': 2}]) %}",
           "Next": "IsTwo"},
         "IsTwo": {
           "Type": "Choice",
           "Choices": [{"Condition": "{% $states.input.step = 2 %}", "Next": "Third"}],
           "Default": "Wrong"},
         "Third": {
           "Type": "Pass",
           "Output": "{% $merge([$states.input, {'step': 3}]) %}",
           "End": true},
         "Wrong": {"Type": "Fail", "Error": "Bench.Wrong"}}}
      """;

  private FiveStates() {}

  /** The definition in that language; the input is an object, the output has {@code step} 3. */
  public static String definition(QueryLanguage language) {
    return switch (language) {
      case JSON_PATH -> JSON_PATH;
      case JSONATA -> JSONATA;
    };
  }
}
