package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TriggeredBy;
import io.stepstream.schemas.TriggeredStart;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.CloudEventHeaders;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What executions do on both lanes, record by record. */
class LaneTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldRunATaskFromItsLaunchToItsCompletion(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":60,"));
      // when it is launched
      String arn = lane.launch(machine, "run", "{\"n\":1}");
      // then a worker is asked, and told where to answer
      TaskOrder order = lane.task();
      assertThat(order.getExecutionArn()).isEqualTo(arn);
      assertThat(order.getStateMachineArn()).isEqualTo(machine);
      assertThat(order.getStateName()).isEqualTo("T");
      assertThat(order.getFunction()).isEqualTo("f");
      assertThat(order.getLane()).isEqualTo(of);
      assertThat(order.getInboxTopic()).isEqualTo(lane.lane.topics().inbox());
      assertThat(order.getInboxPartition()).isEqualTo(ExecutionKey.of(arn).partition(1));
      assertThat(order.getScheduledAt()).isEqualTo(LaneFixture.START);
      assertThat(order.getDeadline()).isEqualTo(LaneFixture.START.plusSeconds(60));
      assertThat(order.getTraceHeader()).isEqualTo("Root=1-trace");
      assertThat(text(Payloads.bytes(order.getInput()))).isEqualTo("{\"n\":1}");
      assertThat(lane.records(Topics.COMPLETIONS)).isEmpty();

      // when it answers
      lane.advance(Duration.ofSeconds(2));
      lane.succeeds(order, "{\"done\":true}");
      // then the completion is a CloudEvent
      TestRecord<byte[], byte[]> record = lane.records(Topics.COMPLETIONS).getFirst();
      ExecutionCompleted completed = LaneFixture.decoded(lane.codecs.completions(), record.value());
      assertThat(completed.getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(completed.getLane()).isEqualTo(of);
      assertThat(text(Payloads.bytes(completed.getInput()))).isEqualTo("{\"n\":1}");
      assertThat(text(Payloads.bytes(completed.getOutput()))).isEqualTo("{\"done\":true}");
      assertThat(completed.getStartDate()).isEqualTo(LaneFixture.START);
      assertThat(completed.getStopDate()).isEqualTo(lane.now());
      assertThat(text(record.key())).isEqualTo(arn);
      assertThat(LaneFixture.headers(record))
          .containsEntry(CloudEventHeaders.SPEC_VERSION, "1.0")
          .containsEntry(CloudEventHeaders.ID, arn + "#7")
          .containsEntry(CloudEventHeaders.SOURCE, machine)
          .containsEntry(CloudEventHeaders.TYPE, "io.stepstream.execution.completed")
          .containsEntry(CloudEventHeaders.SUBJECT, arn)
          .containsEntry(CloudEventHeaders.TIME, lane.now().toString())
          .containsEntry(CloudEventHeaders.CONTENT_TYPE, "application/vnd.confluent.avro");
      // and every step counted
      assertThat(lane.counters.steps()).isEqualTo(2);
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldWriteOneHistoryRecordPerTransition(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine =
          lane.machine(
              "m",
              """
              {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"T"},
                "T":{"Type":"Task","Resource":"%sf","Next":"Z"},"Z":{"Type":"Succeed"}}}\
              """
                  .formatted(LaneFixture.FUNCTION));
      String arn = lane.launch(machine, "größer", "{}");
      lane.succeeds(lane.task(), "1");
      List<TestRecord<byte[], byte[]>> records = lane.records(lane.lane.topics().history());
      List<HistoryRecord> transitions =
          records.stream().map(r -> LaneFixture.decoded(lane.codecs.history(), r.value())).toList();
      assertThat(transitions)
          .extracting(t -> t.getEvents().stream().map(e -> e.getType().name()).toList())
          .containsExactly(
              List.of("ExecutionStarted", "PassStateEntered", "PassStateExited"),
              List.of("TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted"),
              List.of(
                  "LambdaFunctionSucceeded",
                  "TaskStateExited",
                  "SucceedStateEntered",
                  "SucceedStateExited",
                  "ExecutionSucceeded"));
      // keyed in the order of events, whatever the name's characters
      assertThat(records)
          .extracting(r -> text(r.key()))
          .containsExactly(arn + "#000000000001", arn + "#000000000004", arn + "#000000000007");
      List<HistoryEvent> events =
          transitions.stream().flatMap(t -> t.getEvents().stream()).toList();
      assertThat(events)
          .extracting(HistoryEvent::getId)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 11).mapToObj(Long::valueOf).toList());
      // AWS lets the first state follow from nothing
      assertThat(events)
          .allMatch(e -> e.getPreviousEventId() == (e.getId() == 2 ? 0 : e.getId() - 1));
    }
  }

  @Test
  void shouldSendATaskToTheQueueWhichAnnouncedItsHandler() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.routes.announced(
          new WorkerAnnouncement("pool", "video", List.of("f", "g"), "1", LaneFixture.START));
      lane.launch(machine, "run", "{}");
      TestRecord<byte[], byte[]> order = lane.records(Topics.tasks("video")).getFirst();
      assertThat(order.key()).as("no key, so that a batch stays on one partition").isNull();
      // the latest announcement wins
      lane.routes.announced(
          new WorkerAnnouncement("pool", "audio", List.of("f"), "2", LaneFixture.START));
      lane.launch(machine, "again", "{}");
      assertThat(lane.tasks("audio")).hasSize(1);
    }
  }

  @Test
  void shouldLeaveOnlyASummaryOfAStandardExecutionUntilItsRetentionEnds() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      // given an execution with rows and timers of all kinds
      String machine =
          lane.machine(
              "m",
              """
              {"TimeoutSeconds":100000,"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf","TimeoutSeconds":5000,"End":true}}},
                {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"ItemsPath":"$.items","End":true,
                   "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"End":true}}}}}}]}}}\
              """
                  .formatted(LaneFixture.FUNCTION));
      String arn = lane.launch(machine, "run", "{\"items\":[1,2]}");
      assertThat(lane.rows(ExecutionRows.STORE)).hasSizeGreaterThan(8);
      assertThat(lane.rows(TimerRows.STORE)).hasSize(3);
      // when it ends
      lane.advance(Duration.ofSeconds(100));
      lane.advance(Duration.ofSeconds(100));
      lane.succeeds(lane.task(), "1");
      assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
      // then its header answers for its name, and no timer waits but the end of that
      assertThat(lane.rows(ExecutionRows.STORE))
          .extracting(key -> key.get().length)
          .containsExactly(17);
      assertThat(lane.timerPurposes()).containsExactly(TimerRow.RETENTION);
      lane.advance(Duration.ofDays(89));
      CompletableFuture<Reply> early = lane.ask(arn, new InspectExecution(false));
      lane.commit();
      assertThat(early).isCompletedWithValue(new Reply.Exists());
      lane.advance(Duration.ofDays(2));
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(lane.rows(TimerRows.STORE)).isEmpty();
    }
  }

  @Test
  void shouldTellTheAdmissionWhichStartsItHasTakenUp() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      int room = 0;
      while (lane.admission.enter(0)) {
        room++;
      }
      assertThat(room).as("as long as nobody takes any up").isPositive();

      lane.launch(machine, "run", "{}");

      assertThat(lane.admission.enter(0)).isTrue();
    }
  }

  @Test
  void shouldLeaveNothingOfAnExpressExecution() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":70,"));
      lane.launch(machine, "run", "{}");
      assertThat(lane.rows(ExecutionRows.STORE)).as("while it rests").hasSize(3);
      lane.succeeds(lane.task(), "1");
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(lane.rows(TimerRows.STORE)).as("far timers are cancelled").isEmpty();
    }
  }

  @Test
  void shouldWriteNoRowAtAllOfAnExecutionThatEndsInItsFirstStep() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine =
          lane.machine("m", "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}");
      lane.launch(machine, "run", "{}");
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(lane.rows(TimerRows.STORE)).isEmpty();
    }
  }

  @Test
  void shouldWriteNoHistoryWhereTransitionsAreOff() {
    try (LaneFixture lane =
        new LaneFixture(LaneSettings.express(Generations.of(1), "us-east-1", false), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "run", "{}");
      lane.succeeds(lane.task(), "1");
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.history()).isEmpty();
    }
  }

  @Test
  void shouldEndAnExpressExecutionAfterFiveMinutes() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "run", "{}");
      lane.advance(Duration.ofSeconds(299));
      assertThat(lane.completions()).isEmpty();
      lane.advance(Duration.ofSeconds(1));
      assertThat(lane.endings()).containsExactly(ExecutionStatus.TIMED_OUT);
    }
  }

  // ------------------------------------------------------------------ timers

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldRetryAfterItsDelayAndIgnoreTheFirstAttemptFromThenOn(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String machine =
          lane.machine(
              "m",
              LaneFixture.oneTask(
                  "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":3,\"MaxAttempts\":1}],"));
      lane.launch(machine, "run", "{}");
      TaskOrder first = lane.task();
      lane.fails(first, "E", null);
      lane.advance(Duration.ofMillis(2_900));
      assertThat(lane.tasks("lambda")).isEmpty();
      lane.advance(Duration.ofMillis(100));
      TaskOrder second = lane.task();
      assertThat(second.getRetryCount()).isEqualTo(1);
      assertThat(second.getFrameId()).isEqualTo(first.getFrameId());
      assertThat(second.getEpoch()).isGreaterThan(first.getEpoch());

      lane.succeeds(first, "\"late\"");
      assertThat(lane.counters.rejections(Rejection.Code.STALE)).isEqualTo(1);
      assertThat(lane.completions()).isEmpty();
      lane.succeeds(second, "\"in time\"");
      lane.succeeds(second, "\"twice\"");
      assertThat(lane.completions())
          .extracting(c -> text(Payloads.bytes(c.getOutput())))
          .containsExactly("\"in time\"");
      assertThat(lane.records(Topics.ABANDONED)).as("who has answered knows").isEmpty();
    }
  }

  @Test
  void shouldTimeATaskOut() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":5,"));
      lane.launch(machine, "run", "{}");
      lane.advance(Duration.ofMillis(4_900));
      assertThat(lane.completions()).isEmpty();
      lane.advance(Duration.ofMillis(100));
      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              c -> {
                assertThat(c.getStatus()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(c.getError()).isEqualTo("States.Timeout");
              });
    }
  }

  @Test
  void shouldLiveOnHeartbeats() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":600,\"HeartbeatSeconds\":5,"));
      String arn = lane.launch(machine, "run", "{}");
      TaskOrder order = lane.task();
      assertThat(order.getHeartbeatSeconds()).isEqualTo(5);
      for (int beat = 0; beat < 4; beat++) {
        lane.advance(Duration.ofSeconds(4));
        lane.send(LaneFixture.answer(order, new TaskHeartbeat(null)));
        assertThat(lane.timerPurposes()).as("beats arm no timers").hasSize(2);
      }
      assertThat(lane.completions()).isEmpty();
      lane.advance(Duration.ofSeconds(5));
      assertThat(lane.completions()).hasSize(1);
    }
  }

  @Test
  void shouldWaitNotShorterAndOnlyOnce() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine(
              "m",
              "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}");
      lane.launch(machine, "run", "{}");
      lane.advance(Duration.ofMinutes(59));
      lane.advance(Duration.ofMillis(59_900));
      assertThat(lane.completions()).isEmpty();
      lane.advance(Duration.ofMillis(50));
      assertThat(lane.completions()).hasSize(1);
      lane.advance(Duration.ofHours(3));
      assertThat(lane.completions()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWithALongChainInTheNextTicks() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine(
              "m",
              """
              {"StartAt":"C","States":{
                "C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":0,"Next":"S"}],"Default":"D"},
                "D":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n,-1)"},"Next":"C"},
                "S":{"Type":"Succeed"}}}\
              """);
      String arn = lane.launch(machine, "run", "{\"n\":300}");
      assertThat(lane.completions()).as("200 states in the first step").isEmpty();
      lane.advance(Duration.ofMillis(10));
      lane.advance(Duration.ofMillis(10));
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.events(arn))
          .extracting(HistoryEvent::getId)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 2 + 2 * 602).mapToObj(Long::valueOf).toList());
    }
  }

  @Test
  void shouldPurgeTheRowsOfALargeMapInSlices() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine(
              "m",
              """
              {"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
                "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}\
              """);
      lane.launch(machine, "run", "[" + "1,".repeat(999) + "1]");
      // a tick fires as many timers as it has time for
      List<ExecutionCompleted> completions = List.of();
      for (int i = 0; i < 1000 && completions.isEmpty(); i++) {
        lane.advance(Duration.ofSeconds(1));
        completions = lane.completions();
      }
      assertThat(completions)
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(ExecutionStatus.SUCCEEDED);
      for (int i = 0; i < 10; i++) {
        lane.advance(Duration.ofMillis(10));
      }
      assertThat(lane.rows(ExecutionRows.STORE)).hasSize(1);
      assertThat(lane.timerPurposes()).containsExactly(TimerRow.RETENTION);
    }
  }

  // ------------------------------------------------------------------ commands and replies

  @Test
  void shouldAnswerAStartWhenItIsCommitted() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.arn(machine, "run");
      CompletableFuture<Reply> first = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      assertThat(first).isNotDone();
      lane.commit();
      assertThat(first).isCompletedWithValue(new Reply.Started(LaneFixture.START));

      // the same again is the same start; another input is a conflict
      lane.advance(Duration.ofSeconds(1));
      CompletableFuture<Reply> same = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      CompletableFuture<Reply> other = lane.ask(arn, lane.launchOf(machine, "run", "{ }"));
      lane.commit();
      assertThat(same).isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(other).isCompletedWithValue(new Reply.AlreadyExists());
      assertThat(lane.tasks("lambda")).as("launched once").hasSize(1);
      assertThat(lane.eventTypes(arn)).containsOnlyOnce("ExecutionStarted");
    }
  }

  @Test
  void shouldRefuseTheNameOfAnExecutionThatHasEnded() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.launch(machine, "run", "{}");
      lane.succeeds(lane.task(), "1");
      CompletableFuture<Reply> named = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      LaunchExecution repeated = lane.launchOf(machine, "run", "{}");
      repeated.setNamed(false);
      CompletableFuture<Reply> unnamed = lane.ask(arn, repeated);
      lane.commit();
      assertThat(named).isCompletedWithValue(new Reply.AlreadyExists());
      assertThat(unnamed)
          .as("a name of our own cannot conflict: the command came twice")
          .isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(lane.tasks("lambda")).isEmpty();
    }
  }

  @Test
  void shouldTakeARecordThatIsReadAgainForTheSameStartWhateverHasBecomeOfIt() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.arn(machine, "run");
      CompletableFuture<Reply> first = lane.ask(arn, triggered(lane, machine, 17, "{}", "{}"));
      lane.succeeds(lane.task(), "1");
      CompletableFuture<Reply> again = lane.ask(arn, triggered(lane, machine, 17, "[]", "{}"));
      CompletableFuture<Reply> repeated = lane.ask(arn, triggered(lane, machine, 18, "{}", "{}"));
      CompletableFuture<Reply> other = lane.ask(arn, triggered(lane, machine, 18, "[]", "{}"));
      CompletableFuture<Reply> byHand = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      lane.commit();

      assertThat(first).isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(again).isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(repeated)
          .as("another record that says the same")
          .isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(other).isCompletedWithValue(new Reply.AlreadyExists());
      assertThat(byHand).as("as AWS").isCompletedWithValue(new Reply.AlreadyExists());
      assertThat(lane.eventTypes(arn)).containsOnlyOnce("ExecutionStarted");
    }
  }

  @Test
  void shouldPutAsideALaunchThatTellsTooMuchOfItsRecord() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String large = "\"" + "x".repeat(StartRequest.MOST_TRIGGER_BYTES) + "\"";
      for (String context : List.of(large, "{")) {
        lane.ask(lane.arn(machine, "run"), triggered(lane, machine, 17, "{}", context));
      }
      lane.commit();
      assertThat(lane.deadLetters()).hasSize(2);
      assertThat(lane.tasks("lambda")).isEmpty();
    }
  }

  private static LaunchExecution triggered(
      LaneFixture lane, String machine, long offset, String input, String context) {
    LaunchExecution launch = lane.launchOf(machine, "run", input);
    launch.setTriggered(
        new TriggeredStart(
            new TriggeredBy("t", "orders", 3, offset, LaneFixture.START),
            Payloads.of(context.getBytes(UTF_8))));
    return launch;
  }

  @Test
  void shouldStop() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask("\"TimeoutSeconds\":500,"));
      String arn = lane.launch(machine, "run", "{}");
      TaskOrder order = lane.task();
      lane.advance(Duration.ofSeconds(1));
      Instant stopDate = lane.now();
      CompletableFuture<Reply> stopped =
          lane.ask(arn, new StopExecution("Enough", "of this", stopDate));
      CompletableFuture<Reply> again = lane.ask(arn, new StopExecution(null, null, stopDate));
      CompletableFuture<Reply> nobody =
          lane.ask(lane.arn(machine, "other"), new StopExecution(null, null, stopDate));
      assertThat(stopped).isNotDone();
      lane.commit();
      assertThat(stopped).isCompletedWithValue(new Reply.Stopped(stopDate));
      assertThat(again).isCompletedWithValue(new Reply.AlreadyEnded(stopDate));
      assertThat(nobody).isCompletedWithValue(new Reply.NoSuchExecution());
      assertThat(lane.records(Topics.ABANDONED))
          .extracting(record -> LaneFixture.decoded(lane.codecs.abandoned(), record.value()))
          .containsExactly(new TaskAbandoned(arn, order.getFrameId(), order.getEpoch()));
      lane.succeeds(order, "1");
      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              c -> {
                assertThat(c.getStatus()).isEqualTo(ExecutionStatus.ABORTED);
                assertThat(c.getError()).isEqualTo("Enough");
                assertThat(c.getCause()).isEqualTo("of this");
              });
      assertThat(lane.eventTypes(arn)).endsWith("ExecutionAborted");
      assertThat(lane.timerPurposes())
          .containsExactlyInAnyOrder(TimerRow.RETENTION, TimerRow.REDRIVE_PERIOD);
    }
  }

  @Test
  void shouldInspectInLogOrder() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      CompletableFuture<Reply> before =
          lane.ask(lane.arn(machine, "run"), new InspectExecution(false));
      String arn = lane.launch(machine, "run", "{}");
      CompletableFuture<Reply> after = lane.ask(arn, new InspectExecution(false));
      lane.commit();
      assertThat(before).isCompletedWithValue(new Reply.NoSuchExecution());
      assertThat(after).isCompletedWithValue(new Reply.Exists());
    }
  }

  @Test
  void shouldAnswerASynchronousStartWhenItEndsEvenIfItIsRepeated() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      LaunchExecution launch = lane.launchOf(machine, "run", "{}");
      launch.setReplyWhen(ReplyWhen.COMPLETED);
      String arn = lane.arn(machine, "run");
      CompletableFuture<Reply> answer = lane.ask(arn, launch);
      // the lane repeats records after a crash
      CompletableFuture<Reply> repeated = lane.ask(arn, launch);
      assertThat(answer).isNotDone();
      lane.succeeds(lane.task(), "{\"ok\":true}");
      // then without any commit
      assertThat(answer)
          .isCompletedWithValueMatching(
              reply ->
                  reply instanceof Reply.Ended(var execution)
                      && execution.status() == ExecutionStatus.SUCCEEDED
                      && text(execution.output()).equals("{\"ok\":true}"));
      assertThat(repeated).isNotDone();
    }
  }

  // ------------------------------------------------------------------ definitions that lag

  @Test
  void shouldParkALaunchUntilItsDefinitionArrives() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = LaneFixture.machineArn("m");
      lane.definitions.position = 5;
      String arn = lane.arn(machine, "run");
      CompletableFuture<Reply> first = lane.ask(arn, lane.launchOf(machine, "run", "{}"));
      CompletableFuture<Reply> conflict = lane.ask(arn, lane.launchOf(machine, "run", "[]"));
      lane.advance(Duration.ofMillis(100));
      assertThat(lane.tasks("lambda")).isEmpty();
      assertThat(lane.deadLetters()).isEmpty();

      lane.machine("m", LaneFixture.oneTask(""));
      lane.definitions.position = 6;
      lane.advance(Duration.ofMillis(200));
      lane.commit();
      assertThat(lane.tasks("lambda")).hasSize(1);
      assertThat(first).isCompletedWithValue(new Reply.Started(LaneFixture.START));
      assertThat(conflict).isCompletedWithValue(new Reply.AlreadyExists());
      assertThat(lane.timerPurposes()).isEmpty();
    }
  }

  @Test
  void shouldGiveUpALaunchWhoseDefinitionDoesNotArrive() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = LaneFixture.machineArn("m");
      lane.definitions.position = 5;
      CompletableFuture<Reply> reply =
          lane.ask(lane.arn(machine, "run"), lane.launchOf(machine, "run", "{}"));
      for (int second = 0; second < 25; second++) {
        lane.advance(Duration.ofSeconds(1));
      }
      assertThat(lane.deadLetters()).isEmpty();
      for (int second = 0; second < 20; second++) {
        lane.advance(Duration.ofSeconds(1));
      }
      TestRecord<byte[], byte[]> letter = lane.deadLetters().getFirst();
      assertThat(LaneFixture.decoded(lane.codecs.inbox(), letter.value()).getExecutionArn())
          .isEqualTo(lane.arn(machine, "run"));
      assertThat(LaneFixture.headers(letter))
          .containsEntry("stepstream.dlq.topic", lane.lane.topics().inbox())
          .containsEntry("stepstream.dlq.offset", "0")
          .containsEntry("stepstream.dlq.reason", "the definition at offset 5 does not arrive");
      lane.commit();
      assertThat(reply)
          .isCompletedWithValue(new Reply.Refused("the definition at offset 5 does not arrive"));
      assertThat(lane.timerPurposes()).isEmpty();
    }
  }

  @Test
  void shouldRefuseALaunchWhoseRevisionDoesNotExist() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = LaneFixture.machineArn("m");
      lane.definitions.position = 6;
      lane.launch(machine, "run", "{}");
      assertThat(lane.deadLetters()).hasSize(1);
    }
  }

  @Test
  void shouldLoseNothingWhileTheDefinitionOfARunningExecutionIsAway() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      // given a task and a timer under way, on a node that doesn't know the definition (yet)
      String definition =
          """
          {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf","End":true}}},
            {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"End":true}}}]}}}\
          """
              .formatted(LaneFixture.FUNCTION);
      String machine = lane.machine("m", definition);
      lane.launch(machine, "run", "0");
      lane.definitions.forget(machine);
      // when the answer comes and the timer fires
      lane.succeeds(lane.task(), "1");
      for (int minute = 0; minute < 5; minute++) {
        lane.advance(Duration.ofMinutes(1));
      }
      assertThat(lane.completions()).isEmpty();
      // then both happen as soon as it is there
      lane.machine("m", definition);
      lane.advance(Duration.ofSeconds(1));
      lane.advance(Duration.ofSeconds(1));
      assertThat(lane.completions())
          .extracting(c -> text(Payloads.bytes(c.getOutput())))
          .containsExactly("[1,0]");
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
