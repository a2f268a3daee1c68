package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionActionsTest {

  private final ApiFixture api = new ApiFixture();
  private final String machine = api.machine("m", "STANDARD");

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldStartAnExecutionOnceByItsName() {
    Result first =
        api.call("StartExecution", "stateMachineArn", machine, "name", "e", "input", "{\"a\":1}");
    Result again =
        api.call("StartExecution", "stateMachineArn", machine, "name", "e", "input", "{\"a\":1}");
    Result other =
        api.call("StartExecution", "stateMachineArn", machine, "name", "e", "input", "{\"a\":2}");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.text("executionArn")).isEqualTo(ApiFixture.ACCOUNT + "execution:m:e");
    assertThat(first.body().get("startDate").decimalValue()).isEqualByComparingTo("1700000000.123");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.error()).isEqualTo("ExecutionAlreadyExists");
    assertThat(other.message())
        .isEqualTo("Execution Already Exists: '" + first.text("executionArn") + "'");
  }

  @Test
  void shouldStartUnnamedExecutionsWithAnEmptyObject() {
    String arn = api.call("StartExecution", "stateMachineArn", machine).text("executionArn");

    assertThat(api.call("DescribeExecution", "executionArn", arn).text("input")).isEqualTo("{}");
  }

  /** The first three were recorded with AWS. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not some json | Unrecognized token 'not': was expecting (JSON String, Number, Array,"
            + " Object or token 'null', 'true' or 'false')",
        "{'not': 'json' | Unexpected character (''' (code 39)): was expecting double-quote to start"
            + " field name",
        "`` | Invalid execution input.",
        "` ` | Invalid execution input.",
        "{} {} | Unexpected text after the value",
      })
  void shouldRefuseInputThatIsNotJsonInAwsWords(String input, String what) {
    Result result = api.call("StartExecution", "stateMachineArn", machine, "input", input);

    assertThat(result.error()).isEqualTo("InvalidExecutionInput");
    assertThat(result.message()).isEqualTo("Invalid State Machine Execution Input: '" + what + "'");
  }

  @Test
  void shouldBoundTheInputInCharactersAndInBytes() {
    Result characters =
        api.call("StartExecution", "stateMachineArn", machine, "input", text("x", 262_143));
    Result bytes =
        api.call("StartExecution", "stateMachineArn", machine, "input", text("\u00e4", 131_072));
    Result fits =
        api.call("StartExecution", "stateMachineArn", machine, "input", text("x", 262_142));

    assertThat(characters.error()).isEqualTo("ValidationException");
    assertThat(bytes.error()).isEqualTo("InvalidExecutionInput");
    assertThat(bytes.message()).contains("262146").contains("262144");
    assertThat(fits.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"StartExecution", "StartSyncExecution"})
  void shouldRefuseStartsOfWhatDoesNotExist(String action) {
    String unknown = ApiFixture.ACCOUNT + "stateMachine:unknown";

    assertThat(api.call(action, "stateMachineArn", unknown).message())
        .isEqualTo("State Machine Does Not Exist: '" + unknown + "'");
    assertThat(api.call(action, "stateMachineArn", "x").message())
        .isEqualTo("Invalid Arn: 'Invalid ARN prefix: x'");
    assertThat(api.call(action, "stateMachineArn", machine, "name", "a b").error())
        .isEqualTo("InvalidName");
    assertThat(
            api.call(action, "stateMachineArn", machine + "/label").body().path("reason").asText())
        .isEqualTo("API_DOES_NOT_SUPPORT_LABELED_ARNS");
  }

  @Test
  void shouldThrottleStartsWhileAPartitionIsBehind() {
    String express = api.machine("throttled-express", "EXPRESS");
    api.executions.throttle(true);
    for (Result refused :
        List.of(
            api.call("StartExecution", "stateMachineArn", machine, "name", "late"),
            api.call("StartSyncExecution", "stateMachineArn", express))) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error()).isEqualTo("ThrottlingException");
      assertThat(refused.message()).isEqualTo("Rate exceeded");
    }

    api.executions.throttle(false);
    assertThat(api.call("StartExecution", "stateMachineArn", machine, "name", "late").status())
        .isEqualTo(200);
  }

  @Test
  void shouldDescribeARunningExecution() {
    String arn =
        api.call(
                "StartExecution",
                "stateMachineArn",
                machine,
                "name",
                "e",
                "input",
                "{ \"a\": \"\u00e4\" }",
                "traceHeader",
                "Root=1-2-3")
            .text("executionArn");

    assertThat(api.call("DescribeExecution", "executionArn", arn).body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"executionArn": "%s", "stateMachineArn": "%s", "name": "e", "status": "RUNNING",
                 "startDate": 1700000000.123, "input": "{ \\"a\\": \\"ä\\" }",
                 "inputDetails": {"included": true}, "traceHeader": "Root=1-2-3",
                 "redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE",
                 "redriveStatusReason": "Execution is RUNNING and cannot be redriven"}
                """
                    .formatted(arn, machine)));
  }

  @Test
  void shouldDescribeHowAnExecutionEnded() {
    String succeeded = api.execution(machine, "good", "{}");
    String failed = api.execution(machine, "bad", "{}");
    api.executions.end(succeeded, ExecutionStatus.SUCCEEDED, "[1,2]", null, null);
    api.executions.end(failed, ExecutionStatus.FAILED, null, "Oops", "because");

    JsonNode good = api.call("DescribeExecution", "executionArn", succeeded).body();
    JsonNode bad = api.call("DescribeExecution", "executionArn", failed).body();

    assertThat(good.get("output").asText()).isEqualTo("[1,2]");
    assertThat(good.at("/outputDetails/included").asBoolean()).isTrue();
    assertThat(good.get("stopDate").decimalValue()).isEqualByComparingTo("1700000000.243");
    assertThat(good.get("redriveStatusReason").asText())
        .isEqualTo("Execution is SUCCEEDED and cannot be redriven");
    assertThat(bad.get("error").asText()).isEqualTo("Oops");
    assertThat(bad.get("cause").asText()).isEqualTo("because");
    assertThat(bad.get("redriveStatus").asText()).isEqualTo("REDRIVABLE");
    assertThat(bad.has("redriveStatusReason")).isFalse();
    assertThat(bad.has("outputDetails")).isFalse();
  }

  @Test
  void shouldRedriveWhatHasFailed() {
    String arn = api.execution(machine, "e", "{}");
    Result running = api.call("RedriveExecution", "executionArn", arn);
    assertThat(running.status()).isEqualTo(400);
    assertThat(running.error()).isEqualTo("ExecutionNotRedrivable");
    assertThat(running.message()).isEqualTo("Execution is RUNNING and cannot be redriven");
    api.executions.end(arn, ExecutionStatus.FAILED, null, "Oops", "because");

    Result redriven = api.call("RedriveExecution", "executionArn", arn, "clientToken", "t");
    assertThat(redriven.status()).isEqualTo(200);
    assertThat(redriven.body().get("redriveDate").decimalValue())
        .isEqualByComparingTo("1700000001.243");
    assertThat(api.call("RedriveExecution", "executionArn", arn, "clientToken", "t").body())
        .as("the same token")
        .isEqualTo(redriven.body());
    JsonNode described = api.call("DescribeExecution", "executionArn", arn).body();
    assertThat(described.get("status").asText()).isEqualTo("RUNNING");
    assertThat(described.get("redriveCount").asInt()).isEqualTo(1);
    assertThat(described.get("redriveDate")).isEqualTo(redriven.body().get("redriveDate"));
  }

  @Test
  void shouldRefuseARedriveOfNothingAndOfWhatCannotBe() {
    String unknown = ApiFixture.ACCOUNT + "execution:m:unknown";
    Result nothing = api.call("RedriveExecution", "executionArn", unknown);
    assertThat(nothing.error()).isEqualTo("ExecutionDoesNotExist");
    assertThat(nothing.message()).isEqualTo("Execution Does Not Exist: '" + unknown + "'");
    assertThat(
            api.call("RedriveExecution", "executionArn", ApiFixture.ACCOUNT + "express:m:e:u")
                .error())
        .isEqualTo("InvalidArn");
    assertThat(
            api.call("RedriveExecution", "executionArn", unknown, "clientToken", text("x", 65))
                .error())
        .isEqualTo("ValidationException");
    assertThat(api.call("RedriveExecution", "executionArn", unknown, "clientToken", "a b").error())
        .isEqualTo("ValidationException");
    assertThat(api.call("RedriveExecution").error()).isEqualTo("ValidationException");
  }

  /** The Map run is redriven so many milliseconds after the child has ended. */
  @ParameterizedTest
  @CsvSource({
    "RUNNING, 1, PENDING_REDRIVE, NOT_REDRIVABLE",
    "RUNNING, -1, FAILED, REDRIVABLE_BY_MAP_RUN",
    "RUNNING, , FAILED, REDRIVABLE_BY_MAP_RUN",
    "FAILED, 1, FAILED, REDRIVABLE_BY_MAP_RUN"
  })
  void shouldTellThatAChildWaitsForTheRedriveOfItsMapRun(
      MapRunStatus run, @Nullable Integer redrivenAfter, String status, String redriveStatus) {
    String parent = api.execution(machine, "e", "{}");
    String mapRun = ApiFixture.ACCOUNT + "mapRun:m/l:6def3a5d-feb5-35ad-afd5-f02d0b7117c5";
    String child = api.executions.child(parent, mapRun, "c");
    api.executions.end(child, ExecutionStatus.FAILED, null, "Oops", "because");
    Instant ended = api.executions.describe(child).toCompletableFuture().join().get().stopDate();
    Instant redriven = redrivenAfter == null ? null : ended.plusMillis(redrivenAfter);
    MapRunCounts none = new MapRunCounts(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    api.mapRuns.add(
        new MapRunDescription(
            mapRun, parent, run, ended, null, 0, 0, 0, none, none, 1, redriven, true));

    JsonNode described = api.call("DescribeExecution", "executionArn", child).body();

    assertThat(described.get("status").asText()).isEqualTo(status);
    assertThat(described.get("redriveStatus").asText()).isEqualTo(redriveStatus);
    assertThat(described.path("redriveStatusReason").asText())
        .isEqualTo(
            status.equals("FAILED") ? "" : "Execution is PENDING_REDRIVE and cannot be redriven");
  }

  @Test
  void shouldTellWhenTheRedrivablePeriodIsOver() {
    String arn = api.execution(machine, "e", "{}");
    api.executions.end(arn, ExecutionStatus.FAILED, null, "Oops", "because");
    api.today = api.today.plus(Duration.ofDays(14));

    JsonNode late = api.call("DescribeExecution", "executionArn", arn).body();
    assertThat(late.get("redriveStatus").asText()).isEqualTo("NOT_REDRIVABLE");
    assertThat(late.get("redriveStatusReason").asText())
        .isEqualTo("Execution redrivable period exceeded");

    api.today = api.today.plus(Duration.ofDays(360));
    assertThat(
            api.call("DescribeExecution", "executionArn", arn)
                .body()
                .get("redriveStatusReason")
                .asText())
        .isEqualTo("Execution has exceeded the max execution time");
  }

  @Test
  void shouldLeavePayloadsOutWhenOnlyMetadataAreWanted() {
    String arn = api.execution(machine, "e", "{}");
    api.executions.end(arn, ExecutionStatus.SUCCEEDED, "1", null, null);

    JsonNode described =
        api.call("DescribeExecution", "executionArn", arn, "includedData", "METADATA_ONLY").body();

    assertThat(described.has("input")).isFalse();
    assertThat(described.has("output")).isFalse();
    assertThat(described.at("/inputDetails/included").asBoolean(true)).isFalse();
    assertThat(described.at("/outputDetails/included").asBoolean(true)).isFalse();
  }

  @Test
  void shouldStopAnExecutionAndTellAgainWhenItStopped() {
    String arn = api.execution(machine, "e", "{}");

    Result stopped = api.call("StopExecution", "executionArn", arn, "error", "E", "cause", "c");
    Result again = api.call("StopExecution", "executionArn", arn, "error", "F");

    assertThat(stopped.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(stopped.body());
    JsonNode described = api.call("DescribeExecution", "executionArn", arn).body();
    assertThat(described.get("status").asText()).isEqualTo("ABORTED");
    assertThat(described.get("error").asText()).isEqualTo("E");
    assertThat(described.get("cause").asText()).isEqualTo("c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DescribeExecution", "StopExecution", "GetExecutionHistory"})
  void shouldRefuseExecutionsThatDoNotExistOrAreExpress(String action) {
    String unknown = ApiFixture.ACCOUNT + "execution:m:unknown";

    assertThat(api.call(action, "executionArn", unknown).error())
        .isEqualTo("ExecutionDoesNotExist");
    assertThat(api.call(action, "executionArn", unknown).message())
        .isEqualTo("Execution Does Not Exist: '" + unknown + "'");
    assertThat(api.call(action, "executionArn", ApiFixture.ACCOUNT + "express:m:e:x").message())
        .isEqualTo("Invalid Arn: 'Resource type not valid in this context: express'");
  }

  private static final String CHILD = ApiFixture.ACCOUNT + "express:m/L:run:child";

  private static ExecutionDescription child(
      ExecutionStatus status, @Nullable Instant stop, @Nullable String output) {
    return new ExecutionDescription(
        CHILD,
        ApiFixture.ACCOUNT + "stateMachine:m/L",
        "r1",
        "child",
        status,
        Instant.ofEpochMilli(1_700_000_000_123L),
        stop,
        "{\"in\":1}".getBytes(StandardCharsets.UTF_8),
        output == null ? null : output.getBytes(StandardCharsets.UTF_8),
        status == ExecutionStatus.FAILED ? "E" : null,
        status == ExecutionStatus.FAILED ? "it broke" : null,
        null,
        0,
        null,
        ApiFixture.ACCOUNT + "mapRun:m/L:run",
        null,
        null);
  }

  @Test
  void shouldDescribeAnExpressChildOfAMapRun() {
    Instant stop = Instant.ofEpochMilli(1_700_000_000_456L);
    api.described.put(CHILD, child(ExecutionStatus.SUCCEEDED, stop, "{\"out\":2}"));

    assertThat(api.call("DescribeExecution", "executionArn", CHILD).body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"executionArn": "%1$sexpress:m/L:run:child",
                 "stateMachineArn": "%1$sstateMachine:m/L", "name": "child",
                 "status": "SUCCEEDED", "startDate": 1700000000.123, "stopDate": 1700000000.456,
                 "mapRunArn": "%1$smapRun:m/L:run",
                 "input": "{\\"in\\":1}", "inputDetails": {"included": true},
                 "output": "{\\"out\\":2}", "outputDetails": {"included": true},
                 "redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE",
                 "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven"}
                """
                    .formatted(ApiFixture.ACCOUNT)));

    api.described.put(CHILD, child(ExecutionStatus.FAILED, stop, null));
    JsonNode failed = api.call("DescribeExecution", "executionArn", CHILD).body();
    assertThat(failed.path("error").asText()).isEqualTo("E");
    assertThat(failed.path("cause").asText()).isEqualTo("it broke");
    assertThat(failed.path("redriveStatus").asText()).isEqualTo("REDRIVABLE_BY_MAP_RUN");
    assertThat(failed.has("output")).isFalse();

    api.described.put(CHILD, child(ExecutionStatus.RUNNING, null, null));
    JsonNode running = api.call("DescribeExecution", "executionArn", CHILD).body();
    assertThat(running.path("status").asText()).isEqualTo("RUNNING");
    assertThat(running.has("stopDate")).isFalse();
  }

  @Test
  void shouldNotKnowAnExpressChildThatIsNotThere() {
    Result result = api.call("DescribeExecution", "executionArn", CHILD);

    assertThat(result.error()).isEqualTo("ExecutionDoesNotExist");
    assertThat(result.message()).isEqualTo("Execution Does Not Exist: '" + CHILD + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GetExecutionHistory",
        "StopExecution",
        "RedriveExecution",
        "ListMapRuns",
        "DescribeStateMachineForExecution"
      })
  void shouldRefuseWhatExpressChildrenHaveNot(String action) {
    api.described.put(CHILD, child(ExecutionStatus.RUNNING, null, null));

    Result result = api.call(action, "executionArn", CHILD);

    assertThat(result.error()).isEqualTo("InvalidArn");
    assertThat(result.message())
        .isEqualTo("Invalid Arn: 'Resource type not valid in this context: express'");
  }

  @Test
  void shouldAnswerASynchronousStartWhenTheExecutionHasEnded() {
    JsonNode ended = sync(ExecutionStatus.SUCCEEDED, "{\"Arg1\":\"argument1\"}", null).body();

    assertThat(ended.get("status").asText()).isEqualTo("SUCCEEDED");
    assertThat(ended.get("output").asText()).isEqualTo("{\"Arg1\":\"argument1\"}");
    assertThat(ended.get("billingDetails"))
        .isEqualTo(
            ApiFixture.json("{\"billedMemoryUsedInMB\":64,\"billedDurationInMilliseconds\":200}"));
    assertThat(ended.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "executionArn",
            "stateMachineArn",
            "name",
            "startDate",
            "stopDate",
            "status",
            "input",
            "inputDetails",
            "output",
            "outputDetails",
            "billingDetails");
  }

  @Test
  void shouldAnswerAFailedSynchronousExecutionWithSuccess() {
    Result failed = sync(ExecutionStatus.FAILED, null, "SomeFailure");

    assertThat(failed.status()).isEqualTo(200);
    assertThat(failed.text("status")).isEqualTo("FAILED");
    assertThat(failed.text("error")).isEqualTo("SomeFailure");
    assertThat(failed.body().has("output")).isFalse();
    assertThat(failed.body().at("/outputDetails/included").asBoolean()).isTrue();
  }

  @Test
  void shouldRefuseASynchronousStartOfAStandardMachine() {
    Result result = api.call("StartSyncExecution", "stateMachineArn", machine);

    assertThat(result.error()).isEqualTo("StateMachineTypeNotSupported");
    assertThat(result.message())
        .isEqualTo("This operation is not supported by this type of state machine");
  }

  private Result sync(ExecutionStatus status, String output, String error) {
    String express = api.machine("x", "EXPRESS");
    CompletableFuture<Result> answer =
        CompletableFuture.supplyAsync(
            () -> api.call("StartSyncExecution", "stateMachineArn", express, "input", "{}"));
    await().until(() -> api.executions.only().isPresent());
    api.executions.end(api.executions.only().orElseThrow(), status, output, error, null);
    return answer.join();
  }

  /** A JSON string which has this many characters with its quotes, give or take the doubling. */
  private static String text(String character, int count) {
    return '"' + character.repeat(count) + '"';
  }
}
