package io.stepstream.coordinator.api.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.protocol.Answer.Refusal;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArnsTest {

  private static final String PREFIX = "arn:aws:states:us-east-1:111111111111:";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:states:us-east-1:111111111111:stateMachine:m",
        "arn:aws:states:us-east-1:111111111111:stateMachine:m:1",
        "arn:aws-cn:states:cn-north-1:222222222222:stateMachine:m:prod",
      })
  void shouldAcceptStateMachines(String arn) {
    assertThat(Arns.stateMachine(arn)).isEqualTo(new Valid<>(arn));
  }

  @Test
  void shouldAcceptStandardExecutions() {
    String arn = PREFIX + "execution:m:e-1.2_x";

    assertThat(Arns.standardExecution(arn)).isEqualTo(new Valid<>(arn));
  }

  @Test
  void shouldAcceptExpressChildrenOfMapRunsForADescriptionOnly() {
    String arn = PREFIX + "express:m/L:run:0123abcd";

    assertThat(Arns.describedExecution(arn)).isEqualTo(new Valid<>(arn));
    assertThat(refusal(Arns.standardExecution(arn)).code()).isEqualTo("InvalidArn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:states:us-east-1:111111111111:express:m:e:x",
        "arn:aws:states:us-east-1:111111111111:express:m/L:run",
        "arn:aws:states:us-east-1:111111111111:express:m/L::0123abcd",
        "arn:aws:states:us-east-1:111111111111:express:m/L:run:0123abcd:more"
      })
  void shouldRefuseOtherExpressExecutionsForADescriptionToo(String arn) {
    assertThat(refusal(Arns.describedExecution(arn)).message())
        .isEqualTo("Invalid Arn: 'Resource type not valid in this context: express'");
  }

  @ParameterizedTest
  @CsvSource({
    "not_a_valid_arn, Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
    "arn:aws:states:us-east-1:111111111111:express:m:e:x, "
        + "Invalid Arn: 'Resource type not valid in this context: express'",
    "arn:aws:states:us-east-1:111111111111:stateMachine:m, "
        + "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
  })
  void shouldRefuseOtherThingsThanExecutionsInAwsWords(String arn, String message) {
    assertThat(refusal(Arns.standardExecution(arn)).code()).isEqualTo("InvalidArn");
    assertThat(refusal(Arns.standardExecution(arn)).message()).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:",
        "arn:aws:states:us-east-1:111111111111:execution:m",
        "arn:aws:states:us-east-1:111111111111:execution:m:",
        "arn:aws:states::111111111111:execution:m:e",
        "arn:aws:states:us-east-1:111111111111:execution:m:e:f",
        "arn:aws:lambda:us-east-1:111111111111:execution:m:e",
      })
  void shouldSayWhatAnExecutionArnLooksLike(String arn) {
    assertThat(refusal(Arns.standardExecution(arn)).message())
        .contains(arn)
        .contains("arn:aws:states:<region>:<account>:execution:<name>:<execution name>");
  }

  @Test
  void shouldAcceptAnyArnAsARole() {
    assertThat(Arns.role("arn:aws:iam::1:role/x")).isInstanceOf(Valid.class);
    assertThat(refusal(Arns.role("admin")).message())
        .isEqualTo("Invalid Arn: 'Invalid ARN prefix: admin'");
  }

  private static Refusal refusal(Checked<String> checked) {
    return ((Invalid<String>) checked).refusal();
  }
}
