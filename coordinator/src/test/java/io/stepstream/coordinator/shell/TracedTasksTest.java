package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.tracing.ExecutionTrace;
import io.stepstream.schemas.tracing.Sampling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contexts that orders carry, which must be those that the history leads to. */
class TracedTasksTest {

  private static final String RETRIED =
      LaneFixture.oneTask("\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":1}],");

  @TempDir Path directory;

  private LaneFixture lane(Lane of, double share) {
    return new LaneFixture(LaneFixture.of(of).tracing(new Sampling(share)), directory);
  }

  private static Map<String, String> sent(LaneFixture lane) {
    return LaneFixture.headers(lane.records(Topics.tasks("lambda")).getFirst());
  }

  private static long last(LaneFixture lane, String arn, HistoryEventType type) {
    return lane.events(arn).stream()
        .filter(event -> event.getType() == type)
        .mapToLong(HistoryEvent::getId)
        .max()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldBeOfTheAttemptThatTheHistoryTells(Lane of) {
    try (LaneFixture lane = lane(of, 1)) {
      String machine = lane.machine("m", RETRIED);
      lane.trace(machine);
      String arn = lane.launch(machine, "e", "{}");
      TestRecord<byte[], byte[]> first = lane.records(Topics.tasks("lambda")).getFirst();
      ExecutionTrace trace = new ExecutionTrace(arn, null);
      long entered = last(lane, arn, HistoryEventType.TaskStateEntered);
      String of1 =
          trace
              .attempt(entered, last(lane, arn, HistoryEventType.LambdaFunctionScheduled))
              .traceParent();
      assertThat(LaneFixture.headers(first)).containsExactly(Map.entry("traceparent", of1));

      TaskOrder order = LaneFixture.decoded(lane.codecs.tasks(), first.value());
      lane.fails(order, "E", null);
      lane.advance(Duration.ofSeconds(2));

      String of2 =
          trace
              .attempt(entered, last(lane, arn, HistoryEventType.LambdaFunctionScheduled))
              .traceParent();
      assertThat(of2).isNotEqualTo(of1);
      assertThat(sent(lane)).containsExactly(Map.entry("traceparent", of2));
    }
  }

  @Test
  void shouldNotBeThereUnlessMachineSamplingAndCallerWantIt() {
    try (LaneFixture lane = lane(Lane.STANDARD, 1)) {
      String machine = lane.machine("m", RETRIED);
      lane.launch(machine, "a", "{}");
      assertThat(sent(lane)).as("the machine doesn't").isEmpty();
      lane.trace(machine);
      String arn = lane.arn(machine, "b");
      LaunchExecution refused = lane.launchOf(machine, "b", "{}");
      refused.setTraceHeader("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0");
      lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, refused));
      assertThat(sent(lane)).as("its caller doesn't").isEmpty();
    }
  }

  @Test
  void shouldNotBeThereForWhatIsNotInTheShare() {
    try (LaneFixture lane = lane(Lane.STANDARD, 0)) {
      String machine = lane.machine("m", RETRIED);
      lane.trace(machine);
      lane.launch(machine, "a", "{}");
      assertThat(sent(lane)).isEmpty();
    }
  }

  @Test
  void shouldBeginInTheTraceOfARecordThatStarts() {
    try (LaneFixture lane = lane(Lane.EXPRESS, 1)) {
      String machine = lane.machine("m", RETRIED);
      String traceParent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
      start(lane, machine, null, traceParent);
      start(lane, machine, "Root=1-own", traceParent);
      start(lane, machine, null, "nonsense");

      List<String> headers =
          lane.records(lane.lane.topics().peer()).stream()
              .map(record -> LaneFixture.decoded(lane.codecs.peer(), record.value()))
              .map(envelope -> ((LaunchExecution) envelope.getBody()).getTraceHeader())
              .toList();
      assertThat(headers)
          .containsExactly(
              "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
              "Root=1-own",
              null);
    }
  }

  private static void start(
      LaneFixture lane, String machine, String traceHeader, String traceParent) {
    TestRecord<byte[], byte[]> record =
        new TestRecord<>(
            null,
            lane.codecs
                .starts()
                .encode(
                    new StartExecution(
                        machine, null, Payloads.of("{}".getBytes(UTF_8)), traceHeader)),
            lane.now());
    record.headers().add("traceparent", traceParent.getBytes(UTF_8));
    lane.driver
        .createInputTopic(
            Topics.START_EXECUTION, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(record);
  }
}
