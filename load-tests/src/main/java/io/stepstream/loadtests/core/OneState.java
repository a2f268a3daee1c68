package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;

/**
 * Machines in which one state does the work, on the order of {@link Runs#ORDER}. Both languages
 * make the same outputs.
 */
enum OneState {
  /** Does nothing: what a start and an end cost. */
  SUCCEED(
      """
      {"Type": "Succeed"}
      """,
      """
      {"Type": "Succeed"}
      """),

  PASS(
      """
      {"Type": "Pass",
       "Parameters": {"id.$": "$.orderId", "total.$": "$.check.totalCents", "status": "CHECKED"},
       "ResultPath": "$.summary",
       "End": true}
      """,
      """
      {"Type": "Pass",
       "Output": {
         "orderId": "{% $states.input.orderId %}",
         "check": "{% $states.input.check %}",
         "lines": "{% $states.input.lines %}",
         "customer": "{% $states.input.customer %}",
         "summary": {
           "id": "{% $states.input.orderId %}",
           "total": "{% $states.input.check.totalCents %}",
           "status": "CHECKED"}},
       "End": true}
      """),

  CHOICE(
      """
      {"Type": "Choice",
       "Choices": [
         {"Variable": "$.check.totalCents", "NumericGreaterThan": 1000000, "Next": "Done"},
         {"And": [
            {"Variable": "$.check.valid", "BooleanEquals": true},
            {"Variable": "$.check.totalCents", "NumericGreaterThan": 0}],
          "Next": "Done"}]}
      """,
      """
      {"Type": "Choice",
       "Choices": [
         {"Condition": "{% $states.input.check.totalCents > 1000000 %}", "Next": "Done"},
         {"Condition":
            "{% $states.input.check.valid = true and $states.input.check.totalCents > 0 %}",
          "Next": "Done"}]}
      """),

  TASK(
      """
      {"Type": "Task",
       "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bench",
       "Parameters": {"id.$": "$.orderId", "lines.$": "$.lines"},
       "TimeoutSeconds": 30,
       "ResultPath": "$.result",
       "End": true}
      """,
      """
      {"Type": "Task",
       "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bench",
       "Arguments": {"id": "{% $states.input.orderId %}", "lines": "{% $states.input.lines %}"},
       "TimeoutSeconds": 30,
       "Output": {
         "orderId": "{% $states.input.orderId %}",
         "check": "{% $states.input.check %}",
         "lines": "{% $states.input.lines %}",
         "customer": "{% $states.input.customer %}",
         "result": "{% $states.result %}"},
       "End": true}
      """);

  private final String jsonPath;
  private final String jsonata;

  OneState(String jsonPath, String jsonata) {
    this.jsonPath = jsonPath;
    this.jsonata = jsonata;
  }

  String definition(QueryLanguage language) {
    String work =
        switch (language) {
          case JSON_PATH -> jsonPath;
          case JSONATA -> jsonata;
        };
    // Only a Choice can't end the execution itself; elsewhere a second state would be unreachable.
    String done = this == CHOICE ? ", \"Done\": {\"Type\": \"Succeed\"}" : "";
    return "{\"QueryLanguage\": \"%s\", \"StartAt\": \"Work\", \"States\": {\"Work\": %s%s}}"
        .formatted(language.aslName(), work, done);
  }
}
