package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.MapRunChange;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapRunActionsTest {

  private static final String EXECUTION = ApiFixture.ACCOUNT + "execution:m:e";
  private static final String RUN = ApiFixture.ACCOUNT + "mapRun:m/L:";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private String run(String id, MapRunStatus status) {
    api.mapRuns.add(
        new MapRunDescription(
            RUN + id,
            EXECUTION,
            status,
            Instant.ofEpochMilli(1_700_000_000_123L),
            status == MapRunStatus.RUNNING ? null : Instant.ofEpochMilli(1_700_000_001_000L),
            5,
            2,
            12.5,
            new MapRunCounts(1L, 2L, 3L, 4L, 5L, 6L, 29L, 7L, 8L),
            new MapRunCounts(10L, 20L, 30L, 40L, 50L, 60L, 290L, 70L, 80L),
            1,
            Instant.ofEpochMilli(1_700_000_000_500L),
            status == MapRunStatus.RUNNING));
    return RUN + id;
  }

  @Test
  void shouldDescribeAMapRun() {
    String arn = run("a", MapRunStatus.FAILED);

    assertThat(api.call("DescribeMapRun", "mapRunArn", arn).body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"mapRunArn": "%s", "executionArn": "%s", "status": "FAILED",
                 "startDate": 1700000000.123, "stopDate": 1700000001.000, "maxConcurrency": 5,
                 "toleratedFailurePercentage": 12.5, "toleratedFailureCount": 2,
                 "itemCounts": {"pending": 10, "running": 20, "succeeded": 30, "failed": 40,
                   "timedOut": 50, "aborted": 60, "total": 290, "resultsWritten": 70,
                   "failuresNotRedrivable": 150, "pendingRedrive": 80},
                 "executionCounts": {"pending": 1, "running": 2, "succeeded": 3, "failed": 4,
                   "timedOut": 5, "aborted": 6, "total": 29, "resultsWritten": 7,
                   "failuresNotRedrivable": 15, "pendingRedrive": 8},
                 "redriveCount": 1, "redriveDate": 1700000000.500}
                """
                    .formatted(arn, EXECUTION)));
  }

  @Test
  void shouldLeaveOutTheStopDateWhileAMapRunIsUnderWay() {
    String arn = run("a", MapRunStatus.RUNNING);

    Result described = api.call("DescribeMapRun", "mapRunArn", arn);

    assertThat(described.text("status")).isEqualTo("RUNNING");
    assertThat(described.body().has("stopDate")).isFalse();
    assertThat(described.body().at("/itemCounts/failuresNotRedrivable").asInt()).isZero();
  }

  @Test
  void shouldListTheMapRunsOfAnExecutionPageByPage() {
    run("a", MapRunStatus.SUCCEEDED);
    run("b", MapRunStatus.RUNNING);
    run("c", MapRunStatus.RUNNING);

    Result first = api.call("ListMapRuns", "executionArn", EXECUTION, "maxResults", 2);
    Result second =
        api.call(
            "ListMapRuns",
            "executionArn",
            EXECUTION,
            "maxResults",
            2,
            "nextToken",
            first.text("nextToken"));

    assertThat(first.body().get("mapRuns"))
        .isEqualTo(
            ApiFixture.json(
                """
                [{"executionArn": "%1$s", "mapRunArn": "%2$sa", "stateMachineArn": "%3$s",
                  "startDate": 1700000000.123, "stopDate": 1700000001.000},
                 {"executionArn": "%1$s", "mapRunArn": "%2$sb", "stateMachineArn": "%3$s",
                  "startDate": 1700000000.123}]
                """
                    .formatted(EXECUTION, RUN, ApiFixture.ACCOUNT + "stateMachine:m/L")));
    assertThat(second.body().at("/mapRuns/0/mapRunArn").asText()).isEqualTo(RUN + "c");
    assertThat(second.body().get("mapRuns")).hasSize(1);
    assertThat(second.body().has("nextToken")).isFalse();
  }

  @Test
  void shouldRefuseListsOfUnknownExecutionsAndForgedTokens() {
    run("a", MapRunStatus.RUNNING);
    String unknown = ApiFixture.ACCOUNT + "execution:m:unknown";

    assertThat(api.call("ListMapRuns", "executionArn", unknown).message())
        .isEqualTo("Execution Does Not Exist: '" + unknown + "'");
    assertThat(api.call("ListMapRuns", "executionArn", EXECUTION, "nextToken", "forged").error())
        .isEqualTo("InvalidToken");
  }

  @Test
  void shouldChangeWhatIsGivenAndNothingElse() {
    String arn = run("a", MapRunStatus.RUNNING);

    Result updated =
        api.call(
            "UpdateMapRun",
            "mapRunArn",
            arn,
            "maxConcurrency",
            7,
            "toleratedFailurePercentage",
            0.5);

    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.body()).isEmpty();
    assertThat(api.mapRuns.change()).isEqualTo(new MapRunChange(7, null, 0.5));
    api.call("UpdateMapRun", "mapRunArn", arn, "toleratedFailureCount", 5_000_000_000L);
    assertThat(api.mapRuns.change()).isEqualTo(new MapRunChange(null, 5_000_000_000L, null));
  }

  @Test
  void shouldRefuseToChangeAMapRunThatHasEnded() {
    Result refused =
        api.call("UpdateMapRun", "mapRunArn", run("a", MapRunStatus.ABORTED), "maxConcurrency", 7);

    assertThat(refused.error()).isEqualTo("ValidationException");
    assertThat(refused.text("reason")).isEqualTo("CANNOT_UPDATE_COMPLETED_MAP_RUN");
    assertThat(api.mapRuns.change()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "maxConcurrency, -1, greater than or equal to 0",
    "toleratedFailureCount, -1, greater than or equal to 0",
    "toleratedFailurePercentage, 100.5, less than or equal to 100",
    "toleratedFailurePercentage, -0.5, greater than or equal to 0",
  })
  void shouldKeepTheModelsConstraints(String name, double value, String message) {
    Object given = name.endsWith("Percentage") ? (Object) value : (Object) (long) value;
    Result refused =
        api.call("UpdateMapRun", "mapRunArn", run("a", MapRunStatus.RUNNING), name, given);

    assertThat(refused.error()).isEqualTo("ValidationException");
    assertThat(refused.message()).contains(name).endsWith("Member must have value " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DescribeMapRun", "UpdateMapRun"})
  void shouldRefuseMapRunsThatDoNotExist(String action) {
    assertThat(api.call(action, "mapRunArn", RUN + "none").error()).isEqualTo("ResourceNotFound");
    assertThat(api.call(action, "mapRunArn", RUN + "none").message())
        .isEqualTo("Resource not found: '" + RUN + "none'");
    assertThat(api.call(action, "mapRunArn", EXECUTION).message())
        .isEqualTo("Invalid Arn: 'Resource type not valid in this context: execution'");
    assertThat(api.call(action, "mapRunArn", ApiFixture.ACCOUNT + "mapRun:m/L").message())
        .contains("mapRun:<name>/<label>:<id>");
  }
}
