package io.stepstream.asl.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {

  private static final long START = 1_800_000_000_000L;

  private static final String TASK =
      """
      {"StartAt":"W","States":{
        "W":{"Type":"Wait","Seconds":31536000,"Next":"T"},
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","TimeoutSeconds":60,
          "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":10,"MaxAttempts":2,"BackoffRate":2}],"End":true}}}\
      """;

  /** For ever, but for its input. */
  private static final String LOOP =
      """
      {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"B"},
        "B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}],"Default":"A"},
        "C":{"Type":"Succeed"}}}\
      """;

  private static Machine machine(String definition) {
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }

  private static Event.Started start() {
    return new Event.Started(
        "arn:aws:states:us-east-1:111111111111:execution:m:r",
        "r",
        "arn:aws:states:us-east-1:111111111111:stateMachine:m",
        "arn:aws:iam::111111111111:role/r",
        false,
        START,
        "{}".getBytes(StandardCharsets.UTF_8),
        null);
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldJumpFromOneHappeningToTheNext() {
    // given a task that fails twice, at once, and then takes five seconds
    List<Long> attempts = new ArrayList<>();
    SimulatedTasks tasks =
        attempt -> {
          attempts.add(attempt.at().getEpochSecond() - START / 1000);
          return attempt.retryCount() < 2
              ? List.of(new TaskReport.Failed(Duration.ZERO, "Busy", null))
              : List.of(new TaskReport.Succeeded(Duration.ofSeconds(5), json("7")));
        };
    // when
    Outcome outcome = Simulation.of(machine(TASK), tasks).run(start());
    // then
    assertThat(outcome.status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(outcome.output()).isEqualTo(json("7"));
    assertThat(attempts).containsExactly(31_536_000L, 31_536_010L, 31_536_030L);
    assertThat(outcome.at().getEpochSecond() - START / 1000).isEqualTo(31_536_035L);
  }

  @Test
  void shouldTimeOutWhatNobodyAnswers() {
    Outcome outcome = Simulation.of(machine(TASK), SimulatedTasks.NOBODY).run(start());

    assertThat(outcome.status()).isEqualTo(Execution.Status.FAILED);
    assertThat(outcome.error()).isEqualTo("States.Timeout");
    assertThat(outcome.history().stream().map(e -> e.type()))
        .filteredOn(HistoryEventType.LAMBDA_FUNCTION_TIMED_OUT::equals)
        .hasSize(3);
  }

  @Test
  void shouldSayWhatItWaitsForWhenNothingMoreCanHappen() {
    Outcome outcome =
        Simulation.of(
                machine(
                    """
                    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}\
                    """),
                SimulatedTasks.NOBODY)
            .run(start());

    assertThat(outcome.status()).isEqualTo(Execution.Status.RUNNING);
    assertThat(outcome.waitsFor())
        .containsExactly("state 'T' waits for an answer of arn:aws:states:::sqs:sendMessage");
  }

  @Test
  void shouldStopAtTheEndOfItsTime() {
    Outcome outcome =
        Simulation.of(machine(TASK), SimulatedTasks.NOBODY)
            .withLongest(Duration.ofDays(1))
            .run(start());

    assertThat(outcome.status()).isEqualTo(Execution.Status.RUNNING);
    assertThat(outcome.waitsFor()).contains("the end of the simulated time of PT24H");
  }

  @Test
  void shouldEndALoopByItsBoundOfEvents() {
    Outcome outcome =
        Simulation.of(machine(LOOP), SimulatedTasks.NOBODY)
            .withLongest(Duration.ofDays(9))
            .withMaxSteps(50)
            .run(start());

    assertThat(outcome.status()).isEqualTo(Execution.Status.RUNNING);
    assertThat(outcome.waitsFor()).contains("more than the allowed 50 events");
  }

  @Test
  void shouldEndWhenItsWatchSaysSo() {
    List<Long> seen = new ArrayList<>();

    Outcome outcome =
        Simulation.of(machine(LOOP), SimulatedTasks.NOBODY)
            .withWatch(
                bytes -> {
                  seen.add(bytes);
                  return bytes > 100 ? "somebody with more patience" : null;
                })
            .run(start());

    assertThat(outcome.status()).isEqualTo(Execution.Status.RUNNING);
    assertThat(outcome.waitsFor()).first().isEqualTo("somebody with more patience");
    // Payloads are {}: each round enters and leaves two states.
    assertThat(seen).isSorted().first().isEqualTo(0L);
    assertThat(seen.getLast()).isBetween(101L, 108L);
  }

  @Test
  void shouldLetThingsHappenFromOutside() {
    Outcome outcome =
        Simulation.of(machine(TASK), SimulatedTasks.NOBODY)
            .run(
                start(),
                List.of(
                    new Simulation.Happening(
                        Duration.ofSeconds(2), new Event.StopRequested("Enough", "for today"))));

    assertThat(outcome.status()).isEqualTo(Execution.Status.ABORTED);
    assertThat(HistoryJson.of(outcome.history().getLast()))
        .containsEntry("type", "ExecutionAborted")
        .containsEntry(
            "executionAbortedEventDetails", Map.of("error", "Enough", "cause", "for today"));
  }

  @Test
  void shouldHeedHeartbeats() {
    Machine machine =
        machine(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
              "HeartbeatSeconds":10,"End":true}}}\
            """);
    List<TaskReport> reports =
        List.of(
            new TaskReport.Submitted(Duration.ofSeconds(1), json("{}")),
            new TaskReport.Heartbeat(Duration.ofSeconds(8)),
            new TaskReport.Succeeded(Duration.ofSeconds(16), json("1")));

    assertThat(Simulation.of(machine, _ -> reports).run(start()).status())
        .isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(
            Simulation.of(machine, _ -> List.of(reports.getFirst(), reports.getLast()))
                .run(start())
                .error())
        .isEqualTo("States.Timeout");
  }
}
