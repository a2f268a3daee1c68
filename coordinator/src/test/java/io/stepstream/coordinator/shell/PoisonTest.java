package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes in, it is put aside with its reason and its bytes, and the next execution runs.
 */
class PoisonTest {

  private static final String SUCCEED =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}";

  @TempDir Path directory;

  private static void nextExecutionRuns(LaneFixture lane) {
    lane.completions();
    lane.launch(lane.machine("next", SUCCEED), "next", "{}");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldPutUnreadableBytesAside(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine = lane.machine("m", SUCCEED);
      byte[] good =
          lane.codecs
              .inbox()
              .encode(
                  new Envelope(
                      lane.arn(machine, "x"),
                      1,
                      0L,
                      0,
                      0L,
                      null,
                      lane.launchOf(machine, "x", "{}")));
      byte[] unknownSchema = good.clone();
      unknownSchema[1] = 0x7f;
      byte[] trailing = Arrays.copyOf(good, good.length + 1);
      for (String topic : List.of(lane.lane.topics().inbox(), lane.lane.topics().peer())) {
        for (byte[] bytes :
            Arrays.asList(
                null,
                new byte[0],
                "garbage".getBytes(UTF_8),
                unknownSchema,
                Arrays.copyOf(good, good.length / 2),
                Arrays.copyOf(good, 5),
                trailing)) {
          lane.write(topic, "key", bytes);
          TestRecord<byte[], byte[]> letter = lane.deadLetters().getFirst();
          assertThat(letter.value()).isEqualTo(bytes);
          assertThat(letter.key()).isEqualTo("key".getBytes(UTF_8));
          assertThat(LaneFixture.headers(letter))
              .containsEntry("stepstream.dlq.topic", topic)
              .containsEntry("stepstream.dlq.partition", "0")
              .containsEntry("stepstream.dlq.component", "coordinator")
              .containsKeys("stepstream.dlq.reason", "stepstream.dlq.offset");
        }
      }
      assertThat(lane.counters.deadLetters()).isEqualTo(14);
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      nextExecutionRuns(lane);
    }
  }

  record Impossible(String what, Consumer<Envelope> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Impossible> impossibles() {
    return List.of(
        new Impossible("no ARN", e -> e.setExecutionArn("")),
        new Impossible("not an ARN", e -> e.setExecutionArn("x:execution:y")),
        new Impossible(
            "other lane's",
            e -> e.setExecutionArn("arn:aws:states:us-east-1:111111111111:express:m:run:unique")),
        new Impossible(
            "other lane's in disguise",
            e ->
                e.setExecutionArn("arn:aws:states:us-east-1:111111111111:express:execution:m:run")),
        new Impossible("a machine's", e -> e.setExecutionArn(LaneFixture.machineArn("m"))),
        new Impossible("history key", e -> e.setExecutionArn(e.getExecutionArn() + "#1")),
        new Impossible("endless", e -> e.setExecutionArn(e.getExecutionArn() + "x".repeat(1024))),
        new Impossible("generation -1", e -> e.setGeneration(-1)),
        new Impossible("generation 2", e -> e.setGeneration(2)),
        new Impossible("negative frame", e -> e.setFrameId(-1L)),
        new Impossible("negative epoch", e -> e.setEpoch(-1)),
        new Impossible("no name", e -> launch(e).setName("")),
        new Impossible("foreign name", e -> launch(e).setName("aws")),
        new Impossible(
            "foreign machine", e -> launch(e).setStateMachineArn(LaneFixture.machineArn("other"))),
        new Impossible(
            "start in the future",
            e -> launch(e).setRequestedAt(LaneFixture.START.plus(Duration.ofDays(400_000)))),
        new Impossible("input too large", e -> launch(e).setInput(Payloads.of(new byte[262_145]))));
  }

  private static LaunchExecution launch(Envelope envelope) {
    return (LaunchExecution) envelope.getBody();
  }

  @ParameterizedTest
  @MethodSource("impossibles")
  void shouldPutAsideWhatNobodyCanHaveMeant(Impossible impossible) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", SUCCEED);
      lane.machine("other", SUCCEED);
      var call = lane.replies.open(Duration.ofMinutes(1));
      Envelope envelope =
          new Envelope(
              lane.arn(machine, "run"),
              1,
              0L,
              0,
              0L,
              call.replyTo(),
              lane.launchOf(machine, "run", "{}"));
      impossible.change().accept(envelope);
      lane.send(envelope);
      TestRecord<byte[], byte[]> letter = lane.deadLetters().getFirst();
      assertThat(letter.value()).isEqualTo(lane.codecs.inbox().encode(envelope));
      lane.commit();
      assertThat(call.reply().join()).isInstanceOf(Reply.Refused.class);
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      nextExecutionRuns(lane);
    }
  }

  @Test
  void shouldPutAsideWhatBelongsToAnotherPartition() {
    try (LaneFixture lane =
        new LaneFixture(LaneSettings.standard(Generations.of(8), "us-east-1"), directory)) {
      String machine = lane.machine("m", SUCCEED);
      int mine = 0;
      int foreign = 0;
      for (int i = 0; i < 40; i++) {
        String arn = lane.launch(machine, "run" + i, "{}");
        if (ExecutionKey.of(arn).partition(8) == 0) {
          mine++;
        } else {
          foreign++;
        }
      }
      assertThat(mine).isPositive();
      assertThat(lane.completions()).hasSize(mine);
      assertThat(lane.deadLetters()).hasSize(foreign);
    }
  }

  @Test
  void shouldNotTouchAnExecutionWhoseRowPrefixIsTheSame() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      // given another execution's header under this one's prefix
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String other = lane.launch(machine, "other", "{}");
      var otherKey = lane.rows(ExecutionRows.STORE).getFirst();
      byte[] header = lane.executions().get(otherKey);
      String arn = lane.arn(machine, "run");
      byte[] mine = Arrays.copyOf(ExecutionKey.of(arn).hash16(), 17);
      lane.executions().put(org.apache.kafka.common.utils.Bytes.wrap(mine), header);
      TaskOrder order = lane.task();
      // when commands for this one come
      CompletableFuture<Reply> launched = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      CompletableFuture<Reply> stopped =
          lane.ask(arn, new StopExecution(null, null, LaneFixture.START));
      lane.commit();
      // then the other is neither stopped nor described
      assertThat(launched.join()).isInstanceOf(Reply.Refused.class);
      assertThat(stopped.join()).isInstanceOf(Reply.Refused.class);
      assertThat(lane.deadLetters()).hasSize(2);
      lane.succeeds(order, "1");
      assertThat(lane.completions())
          .extracting(ExecutionCompleted::getExecutionArn)
          .containsExactly(other);
    }
  }

  @Test
  void shouldCutTextsOfWorkersSoThatNoRecordExceedsItsTopic() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      lane.launch(lane.machine("m", LaneFixture.oneTask("")), "run", "{}");
      lane.fails(lane.task(), "E".repeat(1000), "\u00fc".repeat(500_000));
      assertThat(lane.records(Topics.COMPLETIONS))
          .singleElement()
          .satisfies(record -> assertThat(record.value().length).isLessThan(1 << 20));
      assertThat(lane.records(lane.lane.topics().history()))
          .allSatisfy(record -> assertThat(record.value().length).isLessThan(1 << 20));
    }
  }

  @Test
  void shouldKeepEveryRecordBelowItsLimitWithTheLargestPayloadsInAllSlots() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      // given Parallel states within each other, which all end with the same large output at once
      String flow =
          """
          {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf","End":true}}}\
          """
              .formatted(LaneFixture.FUNCTION);
      for (int depth = 0; depth < 30; depth++) {
        flow =
            """
            {"StartAt":"P%d","States":{"P%d":{"Type":"Parallel","OutputPath":"$[0]","End":true,"Branches":[%s]}}}\
            """
                .formatted(depth, depth, flow);
      }
      String payload = '"' + "x".repeat(262_142) + '"';
      String arn = lane.launch(lane.machine("m", flow), "run", payload);
      lane.succeeds(lane.task(), payload);
      List<TestRecord<byte[], byte[]>> records = lane.records(lane.lane.topics().history());
      assertThat(records)
          .allSatisfy(r -> assertThat(r.value().length).isLessThan(Topics.MAX_RECORD_BYTES / 2));
      assertThat(records)
          .as("no two records under one key")
          .extracting(r -> new String(r.key(), UTF_8))
          .doesNotHaveDuplicates()
          .isSorted();
      var completion = lane.records(Topics.COMPLETIONS).getFirst();
      assertThat(completion.value().length).isLessThan(1 << 20);
      assertThat(new String(completion.key(), UTF_8)).isEqualTo(arn);
    }
  }

  // ------------------------------------------------------------------ bugs in the core

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldEndTheExecutionOnWhichTheCoreBreaks(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":4000,"));
      String arn = lane.launch(machine, "run", "{\"n\":1}");
      TaskOrder order = lane.task();
      lane.breakMachine(machine);
      // when its task answers
      lane.succeeds(order, "1");
      // then it has failed, and the answer is kept
      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              c -> {
                assertThat(c.getStatus()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(c.getError()).isEqualTo("States.Runtime");
                assertThat(c.getCause()).startsWith("An internal error ended the execution: ");
                assertThat(new String(Payloads.bytes(c.getInput()), UTF_8)).isEqualTo("{\"n\":1}");
              });
      assertThat(lane.eventTypes(arn)).endsWith("ExecutionFailed");
      assertThat(lane.deadLetters()).hasSize(1);
      assertThat(lane.counters.bugs()).isEqualTo(1);
      // and leaves no more rows than any other
      lane.advance(Duration.ofMillis(10));
      assertThat(lane.rows(ExecutionRows.STORE)).hasSize(of == Lane.STANDARD ? 1 : 0);
      lane.advance(Duration.ofDays(92));
      assertThat(lane.rows(TimerRows.STORE)).isEmpty();
      nextExecutionRuns(lane);
    }
  }

  @Test
  void shouldMakeAFailedExecutionOfAStartOnWhichTheCoreBreaks() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", SUCCEED);
      lane.breakMachine(machine);
      String arn = lane.arn(machine, "run");
      CompletableFuture<Reply> reply = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      lane.commit();
      assertThat(reply.join()).isEqualTo(new Reply.Started(LaneFixture.START));
      assertThat(lane.eventTypes(arn)).containsExactly("ExecutionStarted", "ExecutionFailed");
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.deadLetters()).hasSize(1);
      nextExecutionRuns(lane);
    }
  }

  @Test
  void shouldEndTheExecutionWhoseTimerBreaksTheCore() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine(
              "m",
              "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":1,\"End\":true}}}");
      lane.launch(machine, "run", "{}");
      lane.breakMachine(machine);
      lane.advance(Duration.ofSeconds(1));
      assertThat(lane.completions())
          .extracting(ExecutionCompleted::getError)
          .containsExactly("States.Runtime");
      nextExecutionRuns(lane);
    }
  }

  @Test
  void shouldTellACallerWhoStopsABrokenExecutionThatItHasEnded() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.launch(machine, "run", "{}");
      lane.breakMachine(machine);
      CompletableFuture<Reply> reply =
          lane.ask(arn, new StopExecution(null, null, LaneFixture.START));
      lane.commit();
      assertThat(reply.join()).isEqualTo(new Reply.AlreadyEnded(LaneFixture.START));
    }
  }

  @Test
  void shouldTakeRecordsWithoutATimestamp() {
    ConsumerRecord<Object, Object> record =
        new ConsumerRecord<>(
            "t",
            0,
            0,
            -1,
            TimestampType.NO_TIMESTAMP_TYPE,
            0,
            0,
            null,
            null,
            new RecordHeaders(),
            java.util.Optional.empty());
    assertThat(Outputs.timestamp(record, -1)).isZero();
    assertThat(Outputs.timestamp(record, 7)).isEqualTo(7);
  }
}
