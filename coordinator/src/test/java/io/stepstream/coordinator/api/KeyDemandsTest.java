package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.sealing.TestSeals;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers must be allowed on the key of a machine. */
final class KeyDemandsTest {

  private static final String ARN = "arn:aws:states:us-east-1:111111111111:";

  private final TestSeals keys = new TestSeals();
  private final TaskTokens tokens = TaskTokens.unprotected();
  private final KeyDemands demands = new KeyDemands(keys.seals, tokens);

  @BeforeEach
  void nameKeys() {
    keys.names(ARN + "stateMachine:m", "orders");
    keys.names(ARN + "activity:a", "people");
  }

  private List<String> of(String action, Map<String, Object> parameters) {
    return demands.of(action, new ObjectMapper().valueToTree(parameters)).stream()
        .map((Demand demand) -> demand.action() + ' ' + demand.resource())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "StartExecution,stateMachineArn,stateMachine:m,kms:GenerateDataKey orders",
    "StartExecution,stateMachineArn,stateMachine:m:live,kms:GenerateDataKey orders",
    "StopExecution,executionArn,execution:m:e,kms:GenerateDataKey orders",
    "DescribeExecution,executionArn,execution:m:e,kms:Decrypt orders",
    "DescribeExecution,executionArn,execution:m/label:e,kms:Decrypt orders",
    "GetExecutionHistory,executionArn,execution:m:e,kms:Decrypt orders",
    "GetActivityTask,activityArn,activity:a,kms:Decrypt people",
  })
  void shouldAskForTheKey(String action, String parameter, String arn, String demand) {
    assertThat(of(action, Map.of(parameter, ARN + arn))).containsExactly(demand);
  }

  @ParameterizedTest
  @CsvSource({
    "StartExecution,stateMachineArn,stateMachine:plain",
    "DescribeExecution,executionArn,execution:plain:e",
    "GetActivityTask,activityArn,activity:plain",
    "RedriveExecution,executionArn,execution:m:e",
    "DescribeStateMachine,stateMachineArn,stateMachine:m",
  })
  void shouldAskForNothingWhereNoPayloadIsTouched(String action, String parameter, String arn) {
    assertThat(of(action, Map.of(parameter, ARN + arn))).isEmpty();
  }

  @Test
  void shouldNotAskWhoWantsNoPayloads() {
    assertThat(
            of(
                "GetExecutionHistory",
                Map.of("executionArn", ARN + "execution:m:e", "includeExecutionData", false)))
        .isEmpty();
    assertThat(
            of(
                "DescribeExecution",
                Map.of("executionArn", ARN + "execution:m:e", "includedData", "METADATA_ONLY")))
        .isEmpty();
    assertThat(
            of(
                "StartSyncExecution",
                Map.of("stateMachineArn", ARN + "stateMachine:m", "includedData", "METADATA_ONLY")))
        .containsExactly("kms:GenerateDataKey orders");
    assertThat(of("StartSyncExecution", Map.of("stateMachineArn", ARN + "stateMachine:m")))
        .containsExactly("kms:GenerateDataKey orders", "kms:Decrypt orders");
  }

  @Test
  void shouldAskForTheMachineOfAToken() {
    String token = tokens.sign(new TaskToken(ARN + "execution:m:e", 1, 1));

    assertThat(of("SendTaskSuccess", Map.of("taskToken", token)))
        .containsExactly("kms:GenerateDataKey orders");
    assertThat(of("SendTaskFailure", Map.of("taskToken", "nobody's"))).isEmpty();
  }

  @Test
  void shouldAskForTheKeyThatIsNamed() {
    assertThat(
            of(
                "CreateStateMachine",
                Map.of("encryptionConfiguration", Map.of("kmsKeyId", "others"))))
        .containsExactly("kms:GenerateDataKey others");
    assertThat(of("CreateStateMachine", Map.of())).isEmpty();
  }
}
