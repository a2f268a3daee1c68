package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Limits;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is too large for its topic ends an execution, or is put aside, and never comes back. */
class RecordSizesTest {

  @TempDir Path directory;

  /** A lane whose payloads may be larger than AWS's, so that topics are what limits them. */
  private static LaneSettings generous(Lane of) {
    LaneSettings usual = LaneFixture.of(of);
    return new LaneSettings(
        usual.topics(),
        usual.generations(),
        usual.region(),
        new Limits(200, 1_000_000, 8 << 20, 40),
        usual.pacing(),
        usual.retention(),
        true,
        false,
        usual.tracing());
  }

  private static String text(int bytes) {
    return '"' + "x".repeat(bytes - 2) + '"';
  }

  private static void hasEnded(LaneFixture lane, String with) {
    assertThat(lane.completions())
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
              assertThat(end.getError()).isEqualTo("States.DataLimitExceeded");
              assertThat(end.getCause()).startsWith(with).contains("there is room for");
            });
    assertThat(lane.counters.bugs()).isZero();
    lane.advance(Duration.ofMillis(10));
    assertThat(lane.rows(ExecutionRows.STORE)).hasSize(lane.lane.express() ? 0 : 1);
    lane.launch(
        lane.machine("next", "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}"),
        "next",
        "{}");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldEndAnExecutionWhoseOrderIsTooLargeForItsQueue(Lane of) {
    try (LaneFixture lane = new LaneFixture(generous(of), directory)) {
      String machine =
          lane.machine(
              "m",
              """
              {"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf",
               "Arguments":"{%% $pad('', 1100000, 'x') %%}","End":true}}}\
              """
                  .formatted(LaneFixture.FUNCTION));
      String arn = lane.launch(machine, "run", "{}");

      assertThat(lane.tasks(TaskRoutes.DEFAULT_QUEUE)).isEmpty();
      assertThat(lane.eventTypes(arn)).containsExactly("ExecutionStarted", "ExecutionFailed");
      hasEnded(lane, "An order to a worker has 1100");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldEndAnExecutionWhoseEndIsTooLargeToBeTold(Lane of) {
    try (LaneFixture lane = new LaneFixture(generous(of), directory)) {
      String arn = lane.launch(lane.machine("m", LaneFixture.oneTask("")), "run", "{}");
      lane.succeeds(lane.task(), text(1_200_000));

      assertThat(lane.eventTypes(arn))
          .endsWith("LambdaFunctionScheduled", "LambdaFunctionStarted", "ExecutionFailed");
      hasEnded(lane, "What is told of its end has 1200");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldEndAnExecutionWhoseHistoryWouldHaveTooLargeARecord(Lane of) {
    try (LaneFixture lane = new LaneFixture(generous(of), directory)) {
      lane.launch(lane.machine("m", LaneFixture.oneTask("")), "run", "{}");
      lane.succeeds(lane.task(), text(Topics.MAX_RECORD_BYTES - 1_000));

      hasEnded(lane, "A record of its history has 4");
    }
  }

  @Test
  void shouldTakeWhatJustFits() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      lane.launch(lane.machine("m", LaneFixture.oneTask("")), "run", text(262_144));
      TaskOrder order = lane.task();
      lane.succeeds(order, text(262_144));
      assertThat(lane.completions())
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void shouldRefuseAStartWhoseTraceWouldBeInEveryRecord() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.arn(machine, "run");
      LaunchExecution launch = lane.launchOf(machine, "run", "{}");
      launch.setTraceHeader("t".repeat(8_193));
      lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, launch));
      assertThat(lane.deadLetters())
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(LaneFixture.headers(letter))
                      .containsEntry(
                          DeadLetter.REASON, "traceHeader is longer than 8192 characters"));
      launch.setTraceHeader("t".repeat(8_192));
      lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, launch));
      assertThat(lane.task().getTraceHeader()).hasSize(8_192);
    }
  }

  /** Compression makes it small enough for any topic. */
  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldPutAsideWhatIsLargeUncompressedAndLeaveItsBytesWhereTheyAre(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      byte[] large = new byte[Topics.MAX_RECORD_BYTES + 1];
      for (String topic : new String[] {lane.lane.topics().inbox(), lane.lane.topics().peer()}) {
        lane.write(topic, "key", large);
        TestRecord<byte[], byte[]> letter = lane.deadLetters().getFirst();
        assertThat(letter.value()).isNull();
        assertThat(LaneFixture.headers(letter))
            .containsEntry(DeadLetter.TOPIC, topic)
            .containsEntry(DeadLetter.LEFT_OUT, String.valueOf(large.length + "key".length()));
        assertThat(LaneFixture.headers(letter).get(DeadLetter.REASON).getBytes(UTF_8).length)
            .isLessThan(5_000);
      }
    }
  }

  @Test
  void shouldPutAsideAStartThatIsLargeUncompressed() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      lane.write(Topics.START_EXECUTION, null, new byte[Topics.MAX_RECORD_BYTES + 1]);
      assertThat(lane.deadLetters())
          .singleElement()
          .satisfies(letter -> assertThat(letter.value()).isNull());
    }
  }
}
