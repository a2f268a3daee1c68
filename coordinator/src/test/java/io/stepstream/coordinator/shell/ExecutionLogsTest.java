package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.executionlog.LogLevel;
import io.stepstream.coordinator.sealing.TestSeals;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The logs of executions, and the changes of their statuses, as steps write them. */
class ExecutionLogsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CAUGHT =
      LaneFixture.oneTask("\"Catch\":[{\"ErrorEquals\":[\"E\"],\"Next\":\"F\"}],")
          .replace("}}}", "},\"F\":{\"Type\":\"Fail\",\"Error\":\"Over\"}}}");

  @TempDir Path directory;

  private static List<JsonNode> read(LaneFixture lane, String topic, String arn) {
    return lane.records(topic).stream()
        .map(
            record -> {
              assertThat(new String(record.key(), UTF_8)).isEqualTo(arn);
              try {
                return JSON.readTree(record.value());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static List<JsonNode> logs(LaneFixture lane, String arn) {
    return read(lane, Topics.EXECUTION_LOGS, arn);
  }

  private static List<String> types(List<JsonNode> entries) {
    return entries.stream().map(entry -> entry.path("type").asText()).toList();
  }

  /** The task fails, which is caught, and the execution fails. */
  private static String runToItsFailure(LaneFixture lane, String machine) {
    String arn = lane.launch(machine, UUID.randomUUID().toString(), "{\"secret\":1}");
    lane.fails(lane.task(), "E", "because");
    lane.advance(Duration.ofSeconds(1));
    return arn;
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldTellEachEventOfTheHistoryOnce(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine = lane.machine("m", CAUGHT);
      lane.log(machine, LogLevel.ALL, true);
      String arn = runToItsFailure(lane, machine);

      List<JsonNode> entries = logs(lane, arn);
      List<HistoryEvent> events = lane.events(arn);
      assertThat(types(entries)).isEqualTo(lane.eventTypes(arn)).contains("TaskStateExited");
      assertThat(entries)
          .extracting(entry -> entry.path("id").asText())
          .isEqualTo(events.stream().map(event -> Long.toString(event.getId())).toList());
      assertThat(entries)
          .allMatch(entry -> entry.path("execution_arn").asText().equals(arn))
          .allMatch(entry -> entry.path("redrive_count").asText().equals("0"));
      assertThat(entries.getFirst().at("/details/input").asText()).isEqualTo("{\"secret\":1}");
      assertThat(entries.getFirst().at("/details/inputDetails/truncated").isBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldTellWhatTheLevelHas(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine = lane.machine("m", CAUGHT);
      assertThat(logs(lane, runToItsFailure(lane, machine))).as("the default").isEmpty();

      lane.log(machine, LogLevel.ERROR, true);
      assertThat(types(logs(lane, runToItsFailure(lane, machine))))
          .containsExactly("LambdaFunctionFailed", "FailStateEntered", "ExecutionFailed");

      lane.log(machine, LogLevel.FATAL, true);
      assertThat(types(logs(lane, runToItsFailure(lane, machine))))
          .containsExactly("ExecutionFailed");
    }
  }

  @Test
  void shouldTellOfExpressExecutionsThatHaveNoHistory() {
    try (LaneFixture lane =
        new LaneFixture(LaneSettings.express(Generations.of(1), "us-east-1", false), directory)) {
      String machine = lane.machine("m", CAUGHT);
      lane.log(machine, LogLevel.ALL, false);
      List<JsonNode> entries = logs(lane, runToItsFailure(lane, machine));

      assertThat(types(entries)).startsWith("ExecutionStarted").endsWith("ExecutionFailed");
      assertThat(entries.toString()).doesNotContain("secret");
      assertThat(entries.toString()).contains("because");
      assertThat(lane.history()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldTellNoPayloadOfAMachineThatNamesAKey(Lane of) {
    TestSeals keys = new TestSeals();
    LaneSettings settings = LaneFixture.of(of).tellingStatusChanges(of == Lane.STANDARD);
    try (LaneFixture lane = new LaneFixture(settings, directory, Permissions.open(), keys.seals)) {
      String machine = lane.machine("m", CAUGHT);
      keys.names(machine, "orders");
      lane.log(machine, LogLevel.ALL, true);
      String arn = runToItsFailure(lane, machine);

      List<JsonNode> entries = logs(lane, arn);
      assertThat(types(entries)).contains("LambdaFunctionFailed").endsWith("ExecutionFailed");
      assertThat(entries.toString()).doesNotContain("secret", "because", "sealed");
      List<JsonNode> changes = read(lane, Topics.STATUS_CHANGES, arn);
      assertThat(changes).hasSize(of == Lane.STANDARD ? 2 : 0);
      assertThat(changes.toString()).doesNotContain("secret", "because", "sealed", "Over");
    }
  }

  // ------------------------------------------------------------------ changes of status

  private static List<String> statuses(List<JsonNode> changes) {
    return changes.stream().map(change -> change.at("/detail/status").asText()).toList();
  }

  @Test
  void shouldTellEachChangeOfAStatusAsEventBridgeIsTold() {
    LaneSettings settings = LaneFixture.of(Lane.STANDARD).tellingStatusChanges(true);
    try (LaneFixture lane = new LaneFixture(settings, directory)) {
      String machine = lane.machine("m", CAUGHT);
      String arn = lane.launch(machine, "a", "{\"n\":1}");
      JsonNode running = read(lane, Topics.STATUS_CHANGES, arn).getFirst();
      assertThat(running.at("/detail/status").asText()).isEqualTo("RUNNING");
      assertThat(running.at("/detail/input").asText()).isEqualTo("{\"n\":1}");
      assertThat(running.at("/detail/stateMachineArn").asText()).isEqualTo(machine);
      assertThat(running.at("/detail/name").asText()).isEqualTo("a");

      lane.succeeds(lane.task(), "2");
      var records = lane.records(Topics.STATUS_CHANGES);
      assertThat(records).hasSize(1);
      assertThat(LaneFixture.headers(records.getFirst()))
          .containsEntry("stepstream.status", "SUCCEEDED");
      assertThat(new String(records.getFirst().value(), UTF_8))
          .contains("\"output\":\"2\"", "\"input\":\"{\\\"n\\\":1}\"");

      // what begins and ends in one step has changed twice
      String both =
          lane.launch(
              lane.machine("s", "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}"),
              "b",
              "{}");
      assertThat(statuses(read(lane, Topics.STATUS_CHANGES, both)))
          .containsExactly("RUNNING", "SUCCEEDED");

      // what is stopped and redriven runs again
      String stopped = lane.launch(machine, "c", "{}");
      lane.ask(stopped, new StopExecution("Enough", "no more", lane.now()));
      lane.ask(stopped, new RedriveExecution(null, lane.now()));
      List<JsonNode> changes = read(lane, Topics.STATUS_CHANGES, stopped);
      assertThat(statuses(changes)).containsExactly("RUNNING", "ABORTED", "RUNNING");
      assertThat(changes.get(1).at("/detail/error").asText()).isEqualTo("Enough");
      assertThat(changes.get(1).at("/detail/redriveStatus").asText()).isEqualTo("REDRIVABLE");
      assertThat(changes.get(2).at("/detail/redriveCount").asInt()).isEqualTo(1);
      assertThat(changes.get(2).at("/detail/redriveDate").isNumber()).isTrue();
      assertThat(changes.get(2).at("/detail/inputDetails/included").asBoolean()).isFalse();
      assertThat(changes).extracting(change -> change.path("id")).doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldTellOfNoStatusUnlessItIsAskedTo() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String arn = runToItsFailure(lane, lane.machine("m", CAUGHT));
      assertThat(lane.endings()).hasSize(1);
      assertThat(read(lane, Topics.STATUS_CHANGES, arn)).isEmpty();
    }
  }
}
