package io.stepstream.asl.parse;

import static io.stepstream.asl.parse.Definitions.accepted;
import static io.stepstream.asl.parse.Definitions.assertRejected;
import static io.stepstream.asl.parse.Definitions.machine;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceRulesTest {

  private static String choices(String rules) {
    return machine(
        "'StartAt': 'X', 'States': {'X': {'Type': 'Choice', 'Choices': ["
            + rules
            + "], 'Default': 'Z'}, 'Z': {'Type': 'Succeed'}}");
  }

  private static String jsonata(String rules) {
    return choices(rules).replace("{\"StartAt\"", "{\"QueryLanguage\":\"JSONata\",\"StartAt\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'Variable': '$.a', 'IsNull': true | These fields are required: [Next] at"
            + " /States/X/Choices[0]",
        "'Next': 'Z' | The object must have only one of the following fields, [And, Or, Not,"
            + " Variable, Condition] at /States/X/Choices[0]",
        "'Variable': '$.a', 'IsNull': true, 'Not': {}, 'Next': 'Z' | The object must have only one"
            + " of the following fields, [And, Or, Not, Variable, Condition] at"
            + " /States/X/Choices[0]",
        "'Variable': '$.a', 'IsNull': true, 'IsString': true, 'Next': 'Z' | There should only be"
            + " one of the following fields: [IsNull, IsString] at /States/X/Choices[0]",
        "'Variable': '$.a', 'NumericEquals': '1', 'Next': 'Z' | Expected value of type Number at"
            + " /States/X/Choices[0]/NumericEquals",
        "'Variable': '$.a', 'StringEquals': 1, 'Next': 'Z' | Expected value of type String at"
            + " /States/X/Choices[0]/StringEquals",
        "'Variable': '$.a', 'BooleanEquals': 1, 'Next': 'Z' | Expected value of type Boolean at"
            + " /States/X/Choices[0]/BooleanEquals",
        "'Variable': '$.a', 'TimestampEquals': '2024', 'Next': 'Z' | String does not match RFC3339"
            + " timestamp at /States/X/Choices[0]/TimestampEquals",
        "'Variable': 'a', 'IsNull': true, 'Next': 'Z' | Value is not a Reference Path: Reference"
            + " path didn't start with '$' at /States/X/Choices[0]/Variable",
        "'Variable': '$.a', 'StringEqualsPath': 'b', 'Next': 'Z' | Value is not a Reference Path:"
            + " Reference path didn't start with '$' at /States/X/Choices[0]/StringEqualsPath",
        "'And': [], 'Next': 'Z' | Value cannot be empty at /States/X/Choices[0]/And",
        "'And': {}, 'Next': 'Z' | Expected value of type Array at /States/X/Choices[0]/And",
        "'Or': [5], 'Next': 'Z' | Expected value of type Object at /States/X/Choices[0]/Or[0]",
        "'Not': {'Variable': '$.a', 'IsNull': true, 'Next': 'Z'}, 'Next': 'Z' | Field 'Next' is not"
            + " supported at /States/X/Choices[0]/Not",
        "'Condition': true, 'Next': 'Z' | The QueryLanguage is set to 'JSONPath', but field"
            + " 'Condition' is only supported for the 'JSONata' QueryLanguage at"
            + " /States/X/Choices[0]",
        "'Variable': '$.a', 'IsNull': true, 'End': true, 'Next': 'Z' | Field 'End' is not supported"
            + " at /States/X/Choices[0]",
      })
  void shouldRefuseRuleOfJsonPath(String rule, String expected) {
    assertRejected(choices("{" + rule + "}"), "SCHEMA_VALIDATION_FAILED: " + expected);
  }

  @Test
  void shouldRefuseVariableInJsonata() {
    assertRejected(
        jsonata("{'Not': {'Condition': true}, 'Next': 'Z'}"),
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Not' is only"
            + " supported for the 'JSONPath' QueryLanguage at /States/X/Choices[0]");
  }

  @Test
  void shouldRefuseEmptyChoices() {
    assertRejected(
        choices(""), "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Choices");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Variable': '$.a', 'StringMatches': 'a*', 'Next': 'Z', 'Comment': 'c'}",
        "{'Variable': '$$.Execution.Name', 'IsPresent': false, 'Next': 'Z'}",
        "{'Variable': '$v', 'NumericLessThanEqualsPath': '$.b', 'Next': 'Z', 'Assign': {'w': 1}}",
        "{'And': [{'Or': [{'Not': {'Variable': '$.a', 'IsTimestamp': true}}]},"
            + " {'Variable': '$.b', 'TimestampGreaterThan': '2024-01-01T00:00:00Z'}], 'Next': 'Z'}",
      })
  void shouldAcceptRuleOfJsonPath(String rule) {
    State.Choice choice = (State.Choice) accepted(choices(rule)).flow().state("X");

    assertThat(choice.rules()).hasSize(1);
    assertThat(choice.defaultNext()).isEqualTo("Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Condition': true, 'Next': 'Z'}",
        "{'Condition': '{% $states.input.a > 1 %}', 'Next': 'Z', 'Output': 1, 'Assign': {'v': 2}}",
      })
  void shouldAcceptRuleOfJsonata(String rule) {
    State.Choice choice = (State.Choice) accepted(jsonata(rule)).flow().state("X");

    assertThat(choice.rules()).hasSize(1);
  }
}
