package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
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

  /** Tests the task without a mock; it ends as the test says once it has been started. */
  private Result testedForReal(String definition, BiConsumer<InMemoryExecutions, String> end) {
    CompletableFuture<Result> tested =
        CompletableFuture.supplyAsync(
            () ->
                api.call(
                    "TestState",
                    "definition",
                    definition,
                    "roleArn",
                    ApiFixture.ROLE,
                    "input",
                    "{\"a\": 1}",
                    "inspectionLevel",
                    "DEBUG"));
    String execution =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(api.executions::only, Optional::isPresent)
            .orElseThrow();
    end.accept(api.executions, execution);
    return tested.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void shouldCallATaskWithoutAMock() {
    List<String> inputs = new ArrayList<>();

    Result result =
        testedForReal(
            TASK,
            (executions, arn) -> {
              inputs.add(
                  new String(
                      executions.describe(arn).toCompletableFuture().join().orElseThrow().input(),
                      UTF_8));
              executions.end(arn, ExecutionStatus.SUCCEEDED, "{\"StatusCode\": 200}", null, null);
            });

    assertThat(inputs).containsExactly("{\"FunctionName\":\"f\",\"Payload\":{\"a\":1}}");
    assertThat(result.text("status")).isEqualTo("SUCCEEDED");
    assertThat(result.text("nextState")).isEqualTo("Then");
    assertThat(result.text("output")).isEqualTo("{\"a\":1,\"r\":{\"StatusCode\":200}}");
    assertThat(result.body().at("/inspectionData/afterParameters").asText())
        .isEqualTo(inputs.getFirst());
    assertThat(result.body().at("/inspectionData/result").asText())
        .isEqualTo("{\"StatusCode\": 200}");
  }

  @Test
  void shouldRetryAndCatchWhatATaskFailsBy() {
    Result retried =
        testedForReal(
            TASK, (executions, arn) -> executions.end(arn, ExecutionStatus.FAILED, null, "E", "c"));

    assertThat(retried.text("status")).isEqualTo("RETRIABLE");
    assertThat(retried.text("error")).isEqualTo("E");
    assertThat(retried.body().at("/inspectionData/errorDetails/retryIndex").asInt(-1)).isZero();
  }

  @Test
  void shouldCatchWhatNoRetrierTakes() {
    Result caught =
        testedForReal(
            TASK,
            (executions, arn) -> executions.end(arn, ExecutionStatus.FAILED, null, "Other", "c"));

    assertThat(caught.text("status")).isEqualTo("CAUGHT_ERROR");
    assertThat(caught.text("nextState")).isEqualTo("Caught");
    assertThat(caught.text("output")).isEqualTo("{\"Error\":\"Other\",\"Cause\":\"c\"}");
  }

  @Test
  void shouldFailByATimeoutWhenATaskDoesNotEnd() {
    Result late =
        testedForReal(
            """
            {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true,
             "TimeoutSeconds": 7, "HeartbeatSeconds": 3, "Credentials": {"RoleArn": "arn:r"}}
            """,
            (executions, arn) -> executions.end(arn, ExecutionStatus.TIMED_OUT, null, null, null));

    assertThat(late.text("status")).isEqualTo("FAILED");
    assertThat(late.text("error")).isEqualTo("States.Timeout");
    assertThat(
            ApiFixture.json(
                    UTF_8
                        .decode(
                            api.resources
                                .machines()
                                .deletions()
                                .getFirst()
                                .getLast()
                                .getDefinition()
                                .duplicate())
                        .toString())
                .at("/States/StateName"))
        .isEqualTo(
            ApiFixture.json(
                """
                {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true,
                 "TimeoutSeconds": 7, "HeartbeatSeconds": 3, "Credentials": {"RoleArn": "arn:r"}}
                """));
  }

  @Test
  void shouldLeaveNothingOfATestToBeSeen() {
    List<String> machines = new ArrayList<>();
    testedForReal(
        TASK,
        (executions, arn) -> {
          machines.add(
              executions
                  .describe(arn)
                  .toCompletableFuture()
                  .join()
                  .orElseThrow()
                  .stateMachineArn());
          executions.end(arn, ExecutionStatus.SUCCEEDED, "1", null, null);
        });
    String machine = machines.getFirst();

    assertThat(api.call("ListStateMachines").body().path("stateMachines")).isEmpty();
    assertThat(api.call("DescribeStateMachine", "stateMachineArn", machine).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(api.call("StartSyncExecution", "stateMachineArn", machine).error())
        .isEqualTo("StateMachineDoesNotExist");
    // Until it is forgotten like a machine that was deleted.
    assertThat(api.resources.machines().deletions())
        .singleElement()
        .satisfies(
            deletion -> assertThat(deletion.getLast().getStateMachineArn()).isEqualTo(machine));
    api.forgetDeletions();
    assertThat(api.resources.machines().deletions()).isEmpty();
  }

  @Test
  void shouldAnswerATestLaterWhenItsTaskCannotBeStarted() {
    api.executions.throttle(true);

    Result result = api.call("TestState", "definition", TASK, "roleArn", ApiFixture.ROLE);

    assertThat(result.status()).isEqualTo(503);
    assertThat(result.retryAfterSeconds()).isEqualTo(1);
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
    String callback = "\"arn:aws:states:::lambda:invoke.waitForTaskToken\"";
    Result withoutMock =
        api.call(
            "TestState",
            "definition",
            TASK.replace("\"arn:aws:states:::lambda:invoke\"", callback),
            "roleArn",
            ApiFixture.ROLE);
    Result broken = api.call("TestState", "definition", "{\"Type\": \"Pass\"}");
    Result badInput = api.call("TestState", "definition", "{\"Type\": \"Succeed\"}", "input", "{");
    Result badRole =
        api.call("TestState", "definition", "{\"Type\": \"Succeed\"}", "roleArn", "admin");

    assertThat(withoutRole.error()).isEqualTo("ValidationException");
    assertThat(withoutRole.message())
        .isEqualTo("RoleArn must be specified when testing a Task state");
    assertThat(withoutMock.error()).isEqualTo("ValidationException");
    assertThat(withoutMock.message())
        .contains("A mock must be specified")
        .contains("lambda:invoke.waitForTaskToken");
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
