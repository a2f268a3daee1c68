package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListExecutionsTest {

  private static final Instant START = Instant.ofEpochMilli(1_700_000_000_123L);

  private static final String RUN = ApiFixture.ACCOUNT + "mapRun:m/l:id";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private void listed(long position, String machine, String name, ExecutionStatus status) {
    Instant stop = status == ExecutionStatus.RUNNING ? null : START.plusMillis(5);
    listed(position, machine, name, status, stop, null);
  }

  private void listed(
      long position,
      String machine,
      String name,
      ExecutionStatus status,
      @Nullable Instant stop,
      @Nullable String mapRun) {
    api.lists.add(
        new ListedExecution(
            position,
            machine.replace(":stateMachine:", ":execution:") + ':' + name,
            machine,
            status,
            START,
            stop,
            0,
            null,
            mapRun,
            null,
            null));
  }

  private Result list(String machine, @Nullable String status, @Nullable String token, int most) {
    return api.call(
        "ListExecutions",
        "stateMachineArn",
        machine,
        "statusFilter",
        status,
        "nextToken",
        token,
        "maxResults",
        most);
  }

  @Test
  void shouldTellWhatAwsTells() {
    String machine = api.machine("m", "STANDARD");
    listed(1, machine, "ended", ExecutionStatus.SUCCEEDED);
    listed(2, machine, "running", ExecutionStatus.RUNNING);

    Result result = api.call("ListExecutions", "stateMachineArn", machine);

    assertThat(result.body())
        .isEqualTo(
            ApiFixture.json(
                """
                {"executions": [
                  {"executionArn": "%1$s:running", "stateMachineArn": "%2$s", "name": "running",
                   "status": "RUNNING", "startDate": 1700000000.123, "redriveCount": 0},
                  {"executionArn": "%1$s:ended", "stateMachineArn": "%2$s", "name": "ended",
                   "status": "SUCCEEDED", "startDate": 1700000000.123,
                   "stopDate": 1700000000.128, "redriveCount": 0}]}
                """
                    .formatted(machine.replace(":stateMachine:", ":execution:"), machine)));
  }

  @Test
  void shouldFilterByStatusAndRedrive() {
    String machine = api.machine("m", "STANDARD");
    listed(1, machine, "failed", ExecutionStatus.FAILED);
    listed(2, machine, "running", ExecutionStatus.RUNNING);

    assertThat(list(machine, "FAILED", null, 0).body().path("executions")).hasSize(1);
    assertThat(list(machine, "ABORTED", null, 0).body().path("executions")).isEmpty();
    assertThat(
            api.call("ListExecutions", "stateMachineArn", machine, "redriveFilter", "REDRIVEN")
                .body()
                .path("executions"))
        .isEmpty();
    assertThat(
            api.call("ListExecutions", "stateMachineArn", machine, "redriveFilter", "NOT_REDRIVEN")
                .body()
                .path("executions"))
        .hasSize(2);
  }

  @Test
  void shouldGivePages() {
    String machine = api.machine("m", "STANDARD");
    for (int i = 0; i < 25; i++) {
      listed(i, machine, "e" + i, ExecutionStatus.SUCCEEDED);
    }
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      Result page = list(machine, "SUCCEEDED", token, 10);
      page.body().path("executions").forEach(e -> names.add(e.path("name").asText()));
      token = page.body().path("nextToken").textValue();
    } while (token != null);

    assertThat(names).hasSize(25).doesNotHaveDuplicates().startsWith("e24").endsWith("e0");
  }

  @Test
  void shouldRefuseATokenOfAnotherQuery() {
    String machine = api.machine("m", "STANDARD");
    listed(1, machine, "a", ExecutionStatus.SUCCEEDED);
    listed(2, machine, "b", ExecutionStatus.SUCCEEDED);
    String token = list(machine, null, null, 1).text("nextToken");

    assertThat(list(machine, "SUCCEEDED", token, 1).error()).isEqualTo("InvalidToken");
    assertThat(list(machine, null, "forged", 1).error()).isEqualTo("InvalidToken");
  }

  @Test
  void shouldWantAMachineOrAMapRun() {
    String machine = api.machine("m", "STANDARD");

    Result none = api.call("ListExecutions");
    Result both =
        api.call(
            "ListExecutions",
            "stateMachineArn",
            machine,
            "mapRunArn",
            ApiFixture.ACCOUNT + "mapRun:m/l:id");

    assertThat(none.error()).isEqualTo("ValidationException");
    assertThat(both.error()).isEqualTo("ValidationException");
  }

  @Test
  void shouldRefuseMachinesThatHaveNoList() {
    String express = api.machine("x", "EXPRESS");

    assertThat(list(express, null, null, 0).error()).isEqualTo("StateMachineTypeNotSupported");
    assertThat(list(ApiFixture.ACCOUNT + "stateMachine:none", null, null, 0).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(list("invalid_state_machine_arn", null, null, 0).message())
        .isEqualTo("Invalid Arn: 'Invalid ARN prefix: invalid_state_machine_arn'");
    assertThat(list(api.machine("m", "STANDARD"), "PENDING_REDRIVE", null, 0).error())
        .isEqualTo("ValidationException");
  }

  private static final Instant REDRIVE = START.plusSeconds(60);

  private void mapRun(MapRunStatus status, @Nullable Instant redriveDate) {
    MapRunCounts none = new MapRunCounts(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    api.mapRuns.add(
        new MapRunDescription(
            RUN,
            ApiFixture.ACCOUNT + "execution:m:e",
            status,
            START,
            null,
            0,
            0,
            0,
            none,
            none,
            redriveDate == null ? 0 : 1,
            redriveDate,
            true));
  }

  private void child(long position, String name, ExecutionStatus status, @Nullable Instant stop) {
    listed(position, ApiFixture.ACCOUNT + "stateMachine:m/l", name, status, stop, RUN);
  }

  private Map<String, String> children(@Nullable String status) {
    Map<String, String> statuses = new LinkedHashMap<>();
    api.call("ListExecutions", "mapRunArn", RUN, "statusFilter", status)
        .body()
        .required("executions")
        .forEach(e -> statuses.put(e.path("name").asText(), e.path("status").asText()));
    return statuses;
  }

  private void children() {
    child(1, "well", ExecutionStatus.SUCCEEDED, REDRIVE.minusMillis(1));
    child(2, "failed", ExecutionStatus.FAILED, REDRIVE.minusMillis(1));
    child(3, "aborted", ExecutionStatus.ABORTED, REDRIVE.minusMillis(1));
    child(4, "again", ExecutionStatus.RUNNING, null);
    child(5, "failedAgain", ExecutionStatus.FAILED, REDRIVE.plusMillis(1));
  }

  @Test
  void shouldTellWhichChildrenOfARedrivenMapRunWaitToRunAgain() {
    mapRun(MapRunStatus.RUNNING, REDRIVE);
    children();

    assertThat(children("PENDING_REDRIVE"))
        .isEqualTo(Map.of("failed", "PENDING_REDRIVE", "aborted", "PENDING_REDRIVE"));
    assertThat(children("FAILED")).isEqualTo(Map.of("failedAgain", "FAILED"));
    assertThat(children("ABORTED")).isEmpty();
    assertThat(children("SUCCEEDED")).isEqualTo(Map.of("well", "SUCCEEDED"));
    assertThat(children(null))
        .isEqualTo(
            Map.of(
                "well", "SUCCEEDED",
                "failed", "PENDING_REDRIVE",
                "aborted", "PENDING_REDRIVE",
                "again", "RUNNING",
                "failedAgain", "FAILED"));
  }

  @ParameterizedTest
  @CsvSource({"RUNNING, false", "FAILED, true", "FAILED, false"})
  void shouldTellOfNoChildThatItWaitsWhenNoRedriveIsUnderWay(
      MapRunStatus status, boolean redriven) {
    mapRun(status, redriven ? REDRIVE : null);
    children();

    assertThat(children("PENDING_REDRIVE")).isEmpty();
    assertThat(children("FAILED")).isEqualTo(Map.of("failed", "FAILED", "failedAgain", "FAILED"));
    assertThat(children("ABORTED")).isEqualTo(Map.of("aborted", "ABORTED"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENDING_REDRIVE", "RUNNING"})
  void shouldNotKnowAMapRunThatIsNotThere(String status) {
    assertThat(
            api.call(
                    "ListExecutions",
                    "mapRunArn",
                    ApiFixture.ACCOUNT + "mapRun:m/l:00000000-0000-0000-0000-000000000000",
                    "statusFilter",
                    status)
                .error())
        .isEqualTo("ResourceNotFound");
  }
}
