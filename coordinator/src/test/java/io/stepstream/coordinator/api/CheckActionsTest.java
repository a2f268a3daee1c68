package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckActionsTest {

  private static final String TASK =
      """
      {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Then",
       "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "ResultPath": "$.r",
       "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 2}],
       "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]}
      """;

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldTestATaskWithAMockAndShowItsDataFlow() {
    Result result =
        api.call(
            "TestState",
            "definition",
            TASK,
            "input",
            "{\"a\": 1}",
            "inspectionLevel",
            "DEBUG",
            "mock",
            Map.of("result", "{\"StatusCode\": 200}"));

    assertThat(result.body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"output": "{\\"a\\":1,\\"r\\":{\\"StatusCode\\":200}}", "nextState": "Then",
                 "status": "SUCCEEDED",
                 "inspectionData": {
                   "input": "{\\"a\\": 1}",
                   "afterInputPath": "{\\"a\\": 1}",
                   "afterParameters": "{\\"FunctionName\\":\\"f\\",\\"Payload\\":{\\"a\\":1}}",
                   "result": "{\\"StatusCode\\": 200}",
                   "afterResultSelector": "{\\"StatusCode\\": 200}",
                   "afterResultPath": "{\\"a\\":1,\\"r\\":{\\"StatusCode\\":200}}"}}
                """));
  }

  @Test
  void shouldTellWhichRetrierOrCatcherTakesAMockedError() {
    Result second = failedAfterRetries(1);
    Result third = failedAfterRetries(2);

    assertThat(second.text("status")).isEqualTo("RETRIABLE");
    assertThat(second.body().at("/inspectionData/errorDetails"))
        .isEqualTo(ApiFixture.json("{\"retryIndex\": 0, \"retryBackoffIntervalSeconds\": 6}"));
    assertThat(second.body().has("output")).isFalse();
    assertThat(third.text("status")).isEqualTo("CAUGHT_ERROR");
    assertThat(third.text("nextState")).isEqualTo("Caught");
    assertThat(third.text("output")).isEqualTo("{\"Error\":\"E\",\"Cause\":\"because\"}");
    assertThat(third.body().at("/inspectionData/errorDetails/catchIndex").asInt(-1)).isZero();
  }

  /** The task fails at the end of an attempt before which it was retried so often. */
  private Result failedAfterRetries(int retries) {
    return api.call(
        "TestState",
        "definition",
        TASK,
        "inspectionLevel",
        "DEBUG",
        "mock",
        Map.of("errorOutput", Map.of("error", "E", "cause", "because")),
        "stateConfiguration",
        Map.of("retrierRetryCount", retries));
  }

  @Test
  void shouldShowWhatADistributedMapMakesOfWhatItsReaderHasRead() {
    Result result =
        api.call(
            "TestState",
            "definition",
            """
            {"Type": "Map", "End": true, "MaxConcurrency": 5, "ItemBatcher": {"MaxItemsPerBatch": 2},
             "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
               "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/v"},
               "Parameters": {"Bucket": "b", "Key": "k"}},
             "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
               "StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}}
            """,
            "inspectionLevel",
            "TRACE",
            "mock",
            Map.of("result", "[]"),
            "stateConfiguration",
            Map.of("mapItemReaderData", "{\"v\": [1, 2, 3]}"));

    assertThat(result.body().path("inspectionData"))
        .isEqualTo(
            ApiFixture.json(
                """
                {"input": "{}", "afterInputPath": "{}", "afterItemsPointer": "[1,2,3]",
                 "afterItemBatcher": "[{\\"Items\\":[1,2]},{\\"Items\\":[3]}]",
                 "maxConcurrency": 5, "afterResultSelector": "[]", "afterResultPath": "[]"}
                """));
  }

  @Test
  void shouldShowNothingAtTheLevelInfo() {
    Result result = api.call("TestState", "definition", "{\"Type\": \"Pass\", \"End\": true}");

    assertThat(result.body())
        .isEqualTo(ApiFixture.json("{\"output\": \"{}\", \"status\": \"SUCCEEDED\"}"));
  }

  @Test
  void shouldRefuseATestInAwsWords() {
    Result withoutRole = api.call("TestState", "definition", TASK);
    Result withoutMock = api.call("TestState", "definition", TASK, "roleArn", ApiFixture.ROLE);
    Result broken = api.call("TestState", "definition", "{\"Type\": \"Pass\"}");
    Result badInput = api.call("TestState", "definition", "{\"Type\": \"Succeed\"}", "input", "{");
    Result badRole =
        api.call("TestState", "definition", "{\"Type\": \"Succeed\"}", "roleArn", "admin");

    assertThat(withoutRole.error()).isEqualTo("ValidationException");
    assertThat(withoutRole.message())
        .isEqualTo("RoleArn must be specified when testing a Task state");
    assertThat(withoutMock.error()).isEqualTo("ValidationException");
    assertThat(withoutMock.message()).contains("lambda:invoke").contains("specify a mock");
    assertThat(broken.error()).isEqualTo("InvalidDefinition");
    assertThat(broken.message()).contains("/States/StateName");
    assertThat(badInput.error()).isEqualTo("InvalidExecutionInput");
    assertThat(badRole.error()).isEqualTo("InvalidArn");
  }

  @Test
  void shouldKeepTheModelsConstraintsOfTests() {
    assertThat(api.call("TestState").error()).isEqualTo("ValidationException");
    assertThat(api.call("TestState", "definition", TASK, "inspectionLevel", "LOUD").message())
        .contains("'inspectionLevel' failed to satisfy constraint");
    assertThat(
            api.call(
                    "TestState",
                    "definition",
                    TASK,
                    "stateConfiguration",
                    Map.of("retrierRetryCount", -1))
                .message())
        .contains("'stateConfiguration.retrierRetryCount' failed to satisfy constraint");
  }

  @Test
  void shouldValidateADefinition() {
    Result good = api.call("ValidateStateMachineDefinition", "definition", ApiFixture.PASS);
    Result bad = api.call("ValidateStateMachineDefinition", "definition", "{}");

    assertThat(good.body())
        .isEqualTo(
            ApiFixture.json("{\"result\": \"OK\", \"diagnostics\": [], \"truncated\": false}"));
    assertThat(bad.body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"result": "FAIL", "truncated": false, "diagnostics": [
                  {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "location": "/",
                   "message": "These fields are required: [States, StartAt]"}]}
                """));
  }

  @Test
  void shouldTellWarningsOnlyWhenAskedForThem() {
    String doubtful =
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ToleratedFailureCount": 1,
          "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}
        """;

    Result errors = api.call("ValidateStateMachineDefinition", "definition", doubtful);
    Result all =
        api.call("ValidateStateMachineDefinition", "definition", doubtful, "severity", "WARNING");

    assertThat(errors.body().get("diagnostics")).isEmpty();
    assertThat(all.text("result")).isEqualTo("OK");
    assertThat(all.body().at("/diagnostics/0/severity").asText()).isEqualTo("WARNING");
  }

  @Test
  void shouldCutDiagnosticsOff() {
    String manyErrors =
        IntStream.range(0, 120)
            .mapToObj(i -> "\"S%d\": {\"Type\": \"Pass\", \"Next\": \"None\"}".formatted(i))
            .collect(Collectors.joining(",", "{\"StartAt\": \"S0\", \"States\": {", "}}"));

    Result few =
        api.call("ValidateStateMachineDefinition", "definition", manyErrors, "maxResults", 3);
    Result most =
        api.call("ValidateStateMachineDefinition", "definition", manyErrors, "maxResults", 0);

    assertThat(few.body().get("diagnostics")).hasSize(3);
    assertThat(few.body().get("truncated").booleanValue()).isTrue();
    assertThat(most.body().get("diagnostics")).hasSize(100);
    assertThat(most.body().get("truncated").booleanValue()).isTrue();
  }
}
