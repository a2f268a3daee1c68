package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The role of a Task state on its way to whoever carries the task out. */
final class CredentialsTest {

  private static final String ROLE = "arn:aws:iam::222222222222:role/r";

  private static Scenario task(String language, String fields) {
    return Scenario.of(
        """
        {"QueryLanguage":"%s","StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",%s"End":true}}}\
        """
            .formatted(language, fields.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "JSONPath|{'RoleArn':'arn:aws:iam::222222222222:role/r'}",
        "JSONPath|{'RoleArn.$':'$.role'}",
        "JSONPath|{'RoleArn.$':'$$.Execution.Input.role'}",
        "JSONPath|{'RoleArn.$':'States.ArrayGetItem(States.Array($.role), 0)'}",
        "JSONata|{'RoleArn':'{% $states.input.role %}'}",
        "JSONata|'{% $states.input.credentials %}'",
      })
  void shouldReachTheWorkerAsItsValue(String language, String credentials) {
    Scenario scenario =
        task(language, "'Credentials':" + credentials + ",")
            .start("{\"role\":\"%s\",\"credentials\":{\"RoleArn\":\"%s\"}}".formatted(ROLE, ROLE));

    assertThat(scenario.task("T").roleArn()).isEqualTo(ROLE);
  }

  @Test
  void shouldBeNoneWithoutCredentials() {
    assertThat(task("JSONPath", "").start("{}").task("T").roleArn()).isNull();
  }

  /** It would act as the worker otherwise, who may do more. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "JSONPath|'Credentials':{'RoleArn.$':'$.number'},|States.Runtime|{\"RoleArn\":7}",
        "JSONPath|'Credentials':{'RoleArn.$':'$.nothing'},|States.Runtime|{\"RoleArn\":null}",
        "JSONata|'Credentials':{'RoleArn':'{% $states.input.number"
            + " %}'},|States.QueryEvaluationError|{\"RoleArn\":7}",
        "JSONata|'Credentials':'{% $states.input.number %}',|States.QueryEvaluationError|7",
      })
  void shouldFailTheStateUnlessItIsAText(
      String language, String fields, String error, String shown) {
    Scenario scenario = task(language, fields).start("{\"number\":7,\"nothing\":null}");

    Effect.Close end = scenario.end();
    assertThat(end.error()).isEqualTo(error);
    assertThat(end.cause())
        .contains("'Credentials' must be an object whose 'RoleArn' is a string, but was: " + shown);
    assertThat(scenario.types()).doesNotContain("TaskScheduled");
  }
}
