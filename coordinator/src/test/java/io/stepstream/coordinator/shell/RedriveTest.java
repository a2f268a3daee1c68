package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LatestRedrive;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.CloudEventHeaders;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redrives of Standard executions: what is kept for them, for how long, and who is refused. */
class RedriveTest {

  @TempDir Path directory;

  private LaneFixture lane;
  private String machine;

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory);
    machine = lane.machine("m", LaneFixture.oneTask(""));
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private Reply redrive(String arn, @Nullable String token) {
    CompletableFuture<Reply> reply = lane.ask(arn, new RedriveExecution(token, lane.now()));
    lane.commit();
    return reply.join();
  }

  /** An execution whose only task has failed. */
  private String failed(String name) {
    String arn = lane.launch(machine, name, "{\"n\":1}");
    lane.fails(lane.task(), "E", "c");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
    return arn;
  }

  private ExecutionRow header(String arn) {
    ExecutionRow header =
        new ExecutionRows(lane.executions(), false, PayloadKeys.NONE)
            .header(ExecutionKey.of(arn).hash16());
    assertThat(header).isNotNull();
    return header;
  }

  @Test
  void shouldRedriveAfterTheCommitAndGoOnWithTheHistory() {
    String arn = lane.launch(machine, "run", "{\"n\":1}");
    TaskOrder first = lane.task();
    lane.fails(first, "E", "c");
    TestRecord<byte[], byte[]> end = lane.records(Topics.COMPLETIONS).getFirst();
    lane.advance(Duration.ofDays(3));

    CompletableFuture<Reply> reply = lane.ask(arn, new RedriveExecution("token", lane.now()));
    assertThat(reply).as("before the commit").isNotDone();
    Instant redriveDate = lane.now();
    lane.commit();
    assertThat(reply).isCompletedWithValue(new Reply.Redriven(redriveDate));

    TaskOrder second = lane.task();
    assertThat(second.getInput()).isEqualTo(first.getInput());
    assertThat(second.getFrameId()).isEqualTo(first.getFrameId());
    assertThat(second.getEpoch()).isGreaterThan(first.getEpoch());
    lane.succeeds(second, "2");

    TestRecord<byte[], byte[]> newEnd = lane.records(Topics.COMPLETIONS).getFirst();
    assertThat(LaneFixture.decoded(lane.codecs.completions(), newEnd.value()).getStatus())
        .isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(LaneFixture.headers(newEnd).get(CloudEventHeaders.ID))
        .as("each end is an event of its own")
        .isNotEqualTo(LaneFixture.headers(end).get(CloudEventHeaders.ID));
    List<HistoryEvent> events = lane.events(arn);
    assertThat(events)
        .extracting(HistoryEvent::getId)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(lane.eventTypes(arn))
        .containsSubsequence(
            "ExecutionStarted", "ExecutionFailed", "ExecutionRedriven", "ExecutionSucceeded");
    assertThat(lane.history())
        .extracting(HistoryRecord::getRedrive)
        .containsOnly(null, new LatestRedrive(1, redriveDate))
        .last()
        .isNotNull();
    assertThat(lane.deadLetters()).isEmpty();
    lane.assertNothingIsLeft();
  }

  @Test
  void shouldAnswerARepeatedTokenAlikeForAQuarterOfAnHour() {
    String arn = failed("run");
    Reply first = redrive(arn, "token");
    TaskOrder order = lane.task();
    lane.advance(Duration.ofMinutes(10));

    assertThat(redrive(arn, "token")).isEqualTo(first);
    lane.fails(order, "E", "c");
    assertThat(redrive(arn, "token")).as("although it could be redriven").isEqualTo(first);
    assertThat(lane.tasks("lambda")).isEmpty();

    lane.advance(Duration.ofMinutes(6));
    assertThat(redrive(arn, "token")).isInstanceOf(Reply.Redriven.class).isNotEqualTo(first);
    assertThat(header(arn).getRedriveCount()).isEqualTo(2);
    assertThat(header(arn).getRedriveTokens()).hasSize(1);
  }

  @Test
  void shouldKnowTheLastTenTokens() {
    String arn = failed("run");
    Reply second = null;
    for (int i = 0; i < 11; i++) {
      Reply reply = redrive(arn, "token" + i);
      if (i == 1) {
        second = reply;
      }
      lane.fails(lane.task(), "E", "c");
      lane.advance(Duration.ofSeconds(1));
    }
    assertThat(redrive(arn, "token1")).isEqualTo(second);
    assertThat(header(arn).getRedriveCount()).isEqualTo(11);
    assertThat(redrive(arn, "token0")).isInstanceOf(Reply.Redriven.class);
    assertThat(header(arn).getRedriveCount()).isEqualTo(12);
  }

  @Test
  void shouldRedriveOnceWhenTwoAskAtOnce() {
    String arn = failed("run");
    CompletableFuture<Reply> first = lane.ask(arn, new RedriveExecution("a", lane.now()));
    CompletableFuture<Reply> second = lane.ask(arn, new RedriveExecution("b", lane.now()));
    lane.commit();

    assertThat(first.join()).isInstanceOf(Reply.Redriven.class);
    assertThat(second.join())
        .isEqualTo(new Reply.NotRedrivable("Execution is RUNNING and cannot be redriven"));
    assertThat(lane.tasks("lambda")).hasSize(1);
    assertThat(lane.counters.rejections(Rejection.Code.NOT_REDRIVABLE)).isEqualTo(1);
  }

  @Test
  void shouldTakeAStopAndARedriveInTheOrderOfArrival() {
    String arn = lane.launch(machine, "run", "{}");
    TaskOrder first = lane.task();
    CompletableFuture<Reply> early = lane.ask(arn, new RedriveExecution("a", lane.now()));
    CompletableFuture<Reply> stop = lane.ask(arn, new StopExecution("E", "C", lane.now()));
    CompletableFuture<Reply> redrive = lane.ask(arn, new RedriveExecution("b", lane.now()));
    CompletableFuture<Reply> again = lane.ask(arn, new StopExecution("E2", "C", lane.now()));
    lane.commit();

    assertThat(early.join()).isInstanceOf(Reply.NotRedrivable.class);
    assertThat(stop.join()).isInstanceOf(Reply.Stopped.class);
    assertThat(redrive.join()).isInstanceOf(Reply.Redriven.class);
    assertThat(again.join()).isInstanceOf(Reply.Stopped.class);
    assertThat(lane.endings()).containsExactly(ExecutionStatus.ABORTED, ExecutionStatus.ABORTED);

    assertThat(redrive(arn, "c")).isInstanceOf(Reply.Redriven.class);
    // then neither the first attempt nor the one of the redrive in between is taken for this one
    List<TaskOrder> later = lane.tasks("lambda");
    lane.succeeds(first, "1");
    lane.succeeds(later.getFirst(), "2");
    assertThat(lane.endings()).isEmpty();
    assertThat(lane.counters.rejections(Rejection.Code.STALE)).isEqualTo(2);
    lane.succeeds(later.getLast(), "3");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void shouldRefuseWhatCannotBeRedriven() {
    String running = lane.launch(machine, "running", "{}");
    assertThat(redrive(running, "t"))
        .isEqualTo(new Reply.NotRedrivable("Execution is RUNNING and cannot be redriven"));
    lane.succeeds(lane.task(), "1");
    assertThat(redrive(running, "t"))
        .isEqualTo(new Reply.NotRedrivable("Execution is SUCCEEDED and cannot be redriven"));
    assertThat(redrive(lane.arn(machine, "unknown"), "t")).isEqualTo(new Reply.NoSuchExecution());
    assertThat(redrive(machine.replace(":stateMachine:", ":express:") + ":e:u", "t"))
        .isInstanceOf(Reply.Refused.class);
    assertThat(lane.deadLetters()).hasSize(1);
  }

  @Test
  void shouldRefuseOnTheExpressLane(@TempDir Path other) {
    try (LaneFixture express = new LaneFixture(LaneFixture.of(Lane.EXPRESS), other)) {
      String arn = express.launch(express.machine("x", LaneFixture.oneTask("")), "run", "{}");
      express.fails(express.task(), "E", "c");
      assertThat(express.rows(ExecutionRows.STORE)).as("Express keeps nothing").isEmpty();
      CompletableFuture<Reply> reply = express.ask(arn, new RedriveExecution("t", express.now()));
      express.commit();
      assertThat(reply.join()).isInstanceOf(Reply.Refused.class);
      assertThat(express.deadLetters()).hasSize(1);
    }
  }

  @Test
  void shouldWaitForTheDefinition() {
    String arn = failed("run");
    Definitions.Runnable known = lane.definitions.find(machine, "r1");
    lane.definitions.forget(machine);
    CompletableFuture<Reply> reply = lane.ask(arn, new RedriveExecution("t", lane.now()));
    lane.commit();
    assertThat(reply).isNotDone();

    assertThat(known).isNotNull();
    machine = lane.machine("m", LaneFixture.oneTask(""));
    lane.advance(Duration.ofSeconds(1));
    lane.commit();
    assertThat(reply.join()).isInstanceOf(Reply.Redriven.class);
    lane.succeeds(lane.task(), "1");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void shouldRefuseWhenTheDefinitionHasGoneWithItsMachine() {
    String arn = failed("run");
    lane.definitions.forget(machine);
    CompletableFuture<Reply> reply = lane.ask(arn, new RedriveExecution("t", lane.now()));

    for (int i = 0; i < 5; i++) {
      lane.advance(Duration.ofSeconds(1));
    }
    lane.commit();

    assertThat(reply.join())
        .isEqualTo(new Reply.NotRedrivable("State machine is in DELETING status"));
    assertThat(header(arn).getStatus()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void shouldRefuseAfterABugThatLeftNothing() {
    String arn = lane.launch(machine, "run", "{}");
    TaskOrder order = lane.task();
    lane.breakMachine(machine);
    lane.succeeds(order, "1");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
    // even before its rows are gone
    machine = lane.machine("m", LaneFixture.oneTask(""));

    assertThat(redrive(arn, "t"))
        .isEqualTo(
            new Reply.NotRedrivable("Execution has kept nothing from which it could be redriven"));
  }

  @Test
  void shouldKeepRowsForFourteenDaysAfterTheLatestEnd() {
    String arn = failed("run");
    int kept = lane.rows(ExecutionRows.STORE).size();
    assertThat(kept).as("header, frame, input").isEqualTo(3);
    lane.advance(Duration.ofDays(13));
    assertThat(redrive(arn, "t")).isInstanceOf(Reply.Redriven.class);
    TaskOrder order = lane.task();

    // the end of the first period finds a running execution, and then one that ended later
    lane.advance(Duration.ofDays(3));
    assertThat(lane.rows(ExecutionRows.STORE)).hasSize(kept);
    lane.fails(order, "E", "c");
    lane.advance(RedriveRules.PERIOD.minusMinutes(1));
    assertThat(lane.rows(ExecutionRows.STORE)).hasSize(kept);
    assertThat(redrive(arn, "u")).isInstanceOf(Reply.Redriven.class);
    lane.fails(lane.task(), "E", "c");

    lane.advance(RedriveRules.PERIOD.plusDays(1));
    assertThat(lane.rows(ExecutionRows.STORE)).as("its summary").hasSize(1);
    assertThat(redrive(arn, "v"))
        .isEqualTo(new Reply.NotRedrivable("Execution redrivable period exceeded"));

    // it is known for as long as any other, from its latest end
    lane.advance(lane.lane.retention().minus(RedriveRules.PERIOD).minusDays(2));
    assertThat(lane.rows(ExecutionRows.STORE)).hasSize(1);
    assertThat(lane.ask(arn, new InspectExecution(false))).isNotNull();
    lane.advance(Duration.ofDays(3));
    assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
    assertThat(lane.timerPurposes()).isEmpty();
  }

  @Test
  void shouldDeleteManyKeptRowsInSlices() {
    String map =
        lane.machine(
            "map",
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":40,"End":true,"ItemProcessor":{
              "StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf","End":true}}}}}}\
            """
                .formatted(LaneFixture.FUNCTION));
    StringBuilder items = new StringBuilder("[0");
    for (int i = 1; i < 400; i++) {
      items.append(',').append(i);
    }
    lane.launch(map, "run", items.append(']').toString());
    List<TaskOrder> orders = lane.tasks("lambda");
    for (int done = 0; done < 300; ) {
      for (TaskOrder order : orders) {
        lane.succeeds(order, "1");
        done++;
      }
      orders = lane.tasks("lambda");
    }
    lane.fails(orders.getFirst(), "E", "c");
    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
    assertThat(lane.rows(ExecutionRows.STORE)).hasSizeGreaterThan(350);

    lane.driver.advanceWallClockTime(RedriveRules.PERIOD.plusDays(1));
    assertThat(lane.rows(ExecutionRows.STORE)).as("a slice only").hasSizeGreaterThan(100);
    for (int tick = 0; tick < 10; tick++) {
      lane.driver.advanceWallClockTime(Duration.ofMillis(10));
    }
    assertThat(lane.rows(ExecutionRows.STORE)).hasSize(1);
  }
}
