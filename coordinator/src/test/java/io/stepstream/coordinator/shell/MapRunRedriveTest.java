package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.MapRunStatus;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RowCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A distributed Map whose execution is redriven: the same Map run goes on. */
class MapRunRedriveTest {

  @TempDir private Path directory;

  private LaneFixture lane(Lane lane) {
    return new LaneFixture(LaneFixture.of(lane), directory.resolve(lane.name()));
  }

  private static Reply ask(LaneFixture lane, String arn, Object body) {
    CompletableFuture<Reply> reply = lane.ask(arn, body);
    lane.commit();
    return reply.join();
  }

  private static void redrive(LaneFixture lane, String arn) {
    assertThat(ask(lane, arn, new RedriveExecution(null, lane.now())))
        .isInstanceOf(Reply.Redriven.class);
    MapRunTest.settle(lane);
  }

  private static void stop(LaneFixture lane, String arn) {
    lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
    MapRunTest.settle(lane);
  }

  /** The only one. */
  private static MapRunDescription mapRun(LaneFixture lane, String arn) {
    assertThat(ask(lane, arn, new ListMapRuns(0L, 10)))
        .isInstanceOfSatisfying(
            Reply.MapRunsListed.class, listed -> assertThat(listed.page().runs()).hasSize(1));
    Reply.MapRunsListed listed = (Reply.MapRunsListed) ask(lane, arn, new ListMapRuns(0L, 10));
    String mapRunArn = listed.page().runs().getFirst().mapRunArn();
    return ((Reply.MapRun) ask(lane, mapRunArn, new InspectMapRun(false))).mapRun();
  }

  private static List<ExecutionCompleted> ends(LaneFixture lane, String arn) {
    return lane.completions().stream().filter(end -> end.getExecutionArn().equals(arn)).toList();
  }

  private static void assertOutput(LaneFixture lane, String arn, String output) {
    assertThat(ends(lane, arn))
        .extracting(end -> Payloads.text(end.getOutput()))
        .containsExactly(output);
  }

  private static void assertFailed(LaneFixture lane, String arn) {
    assertThat(ends(lane, arn))
        .extracting(ExecutionCompleted::getStatus)
        .containsExactly(ExecutionStatus.FAILED);
  }

  /** New ones, in the order of their inputs: children begin in any. */
  private static List<TaskOrder> tasks(LaneFixture lane) {
    return lane.tasks("lambda").stream()
        .sorted(Comparator.comparing(order -> Payloads.text(order.getInput())))
        .toList();
  }

  @Test
  void shouldRunOnlyTheChildrenThatHaveNotSucceeded() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String fields = "\"MaxConcurrency\":3,";
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, fields));
      String arn = lane.launch(machine, "run", "[1,2,3,4]");
      MapRunTest.settle(lane);
      List<TaskOrder> first = tasks(lane);
      assertThat(first).hasSize(3);
      lane.succeeds(first.get(0), "1");
      MapRunTest.settle(lane);
      TaskOrder fourth = tasks(lane).getFirst();
      lane.fails(first.get(1), "E", "c");
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      String child = first.get(1).getExecutionArn();
      MapRunDescription failed = mapRun(lane, arn);
      assertThat(failed.status()).isEqualTo(MapRunStatus.FAILED);
      assertThat(failed.redriveCount()).isZero();
      assertThat(failed.redrivable()).isTrue();

      assertThat(ask(lane, child, new RedriveExecution(null, lane.now())))
          .as("by itself")
          .isInstanceOf(Reply.NotRedrivable.class);
      redrive(lane, arn);

      MapRunDescription redriven = mapRun(lane, arn);
      assertThat(redriven.mapRunArn()).isEqualTo(failed.mapRunArn());
      assertThat(redriven.status()).isEqualTo(MapRunStatus.RUNNING);
      assertThat(redriven.stopDate()).isNull();
      assertThat(redriven.redriveCount()).isEqualTo(1);
      assertThat(redriven.redriveDate()).isNotNull();
      assertThat(redriven.children().getSucceeded()).isEqualTo(1);
      assertThat(redriven.children().getRunning()).isEqualTo(3);
      assertThat(redriven.children().getFailed()).isZero();
      List<TaskOrder> second = tasks(lane);
      assertThat(second)
          .extracting(TaskOrder::getExecutionArn)
          .as("the same child executions")
          .containsExactly(child, first.get(2).getExecutionArn(), fourth.getExecutionArn());
      first.forEach(order -> lane.succeeds(order, "0")); // of an attempt that is over
      second.forEach(order -> lane.succeeds(order, "7"));
      MapRunTest.settle(lane);

      assertOutput(lane, arn, "[1,7,7,7]");
      assertThat(lane.eventTypes(arn))
          .containsExactly(
              "ExecutionStarted",
              "MapStateEntered",
              "MapStateStarted",
              "MapRunStarted",
              "MapRunFailed",
              "MapStateFailed",
              "ExecutionFailed",
              "ExecutionRedriven",
              "MapRunRedriven",
              "MapRunSucceeded",
              "MapStateSucceeded",
              "MapStateExited",
              "ExecutionSucceeded");
      HistoryEvent event =
          lane.events(arn).stream()
              .filter(e -> e.getType() == HistoryEventType.MapRunRedriven)
              .findFirst()
              .orElseThrow();
      assertThat(event.getDetails().getMapRunArn()).isEqualTo(failed.mapRunArn());
      assertThat(event.getDetails().getRedriveCount()).isEqualTo(1);
      assertThat(lane.eventTypes(child))
          .containsSubsequence("ExecutionFailed", "ExecutionRedriven", "ExecutionSucceeded");
      MapRunDescription succeeded = mapRun(lane, arn);
      assertThat(succeeded.status()).isEqualTo(MapRunStatus.SUCCEEDED);
      assertThat(succeeded.children().getSucceeded()).isEqualTo(4);
      assertThat(succeeded.redriveCount()).isEqualTo(1);
      assertThat(lane.deadLetters()).isEmpty();
      assertThat(shards(lane)).isEmpty();
      lane.assertNothingIsLeft();
    }
  }

  /** Headers of shards. */
  private static List<Bytes> shards(LaneFixture lane) {
    RowCodec<ExecutionRow> headers = RowCodec.of(ExecutionRow.class);
    return lane.rows(ExecutionRows.STORE).stream()
        .filter(key -> key.get()[16] == 0)
        .filter(key -> headers.read(lane.executions().get(key)).getPart() instanceof ShardPart)
        .toList();
  }

  @Test
  void shouldRestartExpressChildrenThatHaveNotSucceeded() {
    try (LaneFixture standard = lane(Lane.STANDARD);
        LaneFixture express = lane(Lane.EXPRESS)) {
      String definition = MapRunTest.map("EXPRESS", MapRunTest.TASK, "");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      String arn = standard.launch(machine, "run", "[1,2,3]");
      exchange(standard, express);
      List<TaskOrder> first = tasks(express);
      express.succeeds(first.get(0), "1");
      express.fails(first.get(1), "E", "c");
      exchange(standard, express);
      assertFailed(standard, arn);
      assertThat(express.ended()).hasSize(3);
      assertThat(shards(express)).as("a shard rests").hasSize(1);

      redrive(standard, arn);
      exchange(standard, express);
      List<TaskOrder> second = tasks(express);
      assertThat(second)
          .extracting(order -> Payloads.text(order.getInput()))
          .containsExactly("2", "3");
      assertThat(second)
          .extracting(TaskOrder::getExecutionArn)
          .as("executions of their own")
          .doesNotContainAnyElementsOf(first.stream().map(TaskOrder::getExecutionArn).toList());
      first.forEach(order -> express.succeeds(order, "0"));
      second.forEach(order -> express.succeeds(order, "7"));
      exchange(standard, express);

      assertOutput(standard, arn, "[1,7,7]");
      assertThat(express.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(express.timerPurposes()).doesNotContain(TimerRow.REDRIVE_PERIOD);
      express.assertNothingIsLeft();
      standard.assertNothingIsLeft();
    }
  }

  private static void exchange(LaneFixture one, LaneFixture other) {
    for (int round = 0; round < 5; round++) {
      MapRunTest.settle(one);
      MapRunTest.carry(one, other);
      MapRunTest.settle(other);
      MapRunTest.carry(other, one);
    }
    MapRunTest.settle(one);
  }

  @Test
  void shouldTakeDownWhatAShardHasSaidBeforeItHeardOfTheEnd() {
    try (LaneFixture standard = lane(Lane.STANDARD);
        LaneFixture express = lane(Lane.EXPRESS)) {
      String definition = MapRunTest.map("EXPRESS", MapRunTest.TASK, "");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      String arn = standard.launch(machine, "run", "[1,2]");
      exchange(standard, express);
      tasks(express).forEach(order -> express.succeeds(order, "1"));
      MapRunTest.settle(express); // the shard has said all, and is no more
      assertThat(shards(express)).isEmpty();
      stop(standard, arn);
      MapRunTest.carry(express, standard);
      exchange(standard, express);
      assertThat(ends(standard, arn))
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(ExecutionStatus.ABORTED);

      redrive(standard, arn);

      assertOutput(standard, arn, "[1,1]");
      standard.assertNothingIsLeft();
    }
  }

  @Test
  void shouldHearOfAShardsEndAfterTheRedriveToo() {
    try (LaneFixture standard = lane(Lane.STANDARD);
        LaneFixture express = lane(Lane.EXPRESS)) {
      String definition = MapRunTest.map("EXPRESS", MapRunTest.TASK, "");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      String arn = standard.launch(machine, "run", "[1,2]");
      exchange(standard, express);
      tasks(express).forEach(order -> express.succeeds(order, "1"));
      MapRunTest.settle(express);
      stop(standard, arn);
      redrive(standard, arn);
      assertThat(standard.endings()).containsExactly(ExecutionStatus.ABORTED);

      exchange(express, standard);

      assertOutput(standard, arn, "[1,1]");
      standard.assertNothingIsLeft();
    }
  }

  @Test
  void shouldRedriveAgainAndAgainWithTheConcurrencyOfThen() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String fields = "\"MaxConcurrency\":5,\"ToleratedFailureCount\":1,";
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, fields));
      String arn = lane.launch(machine, "run", MapRunTest.numbers(8));
      MapRunTest.settle(lane);
      List<TaskOrder> first = tasks(lane);
      assertThat(first).hasSize(5);
      first.subList(0, 2).forEach(order -> lane.fails(order, "E", "c"));
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      String mapRunArn = mapRun(lane, arn).mapRunArn();
      assertThat(ask(lane, mapRunArn, new UpdateMapRun(2, null, null)))
          .isEqualTo(new Reply.MapRunUpdated(MapRunUpdate.ENDED));
      tasks(lane); // of children that were stopped

      redrive(lane, arn);
      assertThat(ask(lane, mapRunArn, new UpdateMapRun(2, null, null)))
          .isEqualTo(new Reply.MapRunUpdated(MapRunUpdate.UPDATED));
      MapRunTest.settle(lane);
      List<TaskOrder> second = tasks(lane);
      assertThat(second).as("began before the change").hasSize(5);
      second.subList(0, 2).forEach(order -> lane.fails(order, "E", "c"));
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      tasks(lane);

      redrive(lane, arn);
      MapRunDescription again = mapRun(lane, arn);
      assertThat(again.mapRunArn()).isEqualTo(mapRunArn);
      assertThat(again.redriveCount()).isEqualTo(2);
      assertThat(again.maxConcurrency()).isEqualTo(2);
      assertThat(again.children().getRunning()).isEqualTo(2);
      // As the shard had told: of what ran beyond its window the Map state did not know.
      assertThat(again.children().getPendingRedrive()).isEqualTo(2);
      assertThat(again.children().getPending()).isEqualTo(4);
      for (List<TaskOrder> orders = tasks(lane); !orders.isEmpty(); orders = tasks(lane)) {
        assertThat(orders).hasSizeLessThanOrEqualTo(2);
        orders.forEach(order -> lane.succeeds(order, Payloads.text(order.getInput())));
        MapRunTest.settle(lane);
      }

      assertOutput(lane, arn, MapRunTest.numbers(8));
      lane.assertNothingIsLeft();
    }
  }

  @Test
  void shouldReadOnWhereTheReaderWasAndWriteWhatIsRunAgain() throws ReadRefused {
    String fields =
        """
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"k"}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
          "Parameters":{"Bucket":"out","Prefix":"p"}},\
        """;
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, fields));
      String arn = lane.launch(machine, "run", "{}");
      lane.succeeds(
          lane.tasks(Topics.STORAGE_QUEUE).getFirst(), MapRunTest.page(0, "[1,2]", false));
      TaskOrder next = lane.tasks(Topics.STORAGE_QUEUE).getFirst();
      MapRunTest.settle(lane);
      List<TaskOrder> first = tasks(lane);
      lane.succeeds(first.get(0), "1");
      lane.fails(first.get(1), "E", "c");
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      lane.succeeds(next, MapRunTest.page(2, "[3]", true)); // nobody waits for it any more
      MapRunTest.writeAll(lane); // nor for what the shard had begun to write

      redrive(lane, arn);
      TaskOrder again = lane.tasks(Topics.STORAGE_QUEUE).getFirst();
      lane.succeeds(again, MapRunTest.page(2, "[3]", true));
      MapRunTest.settle(lane);
      List<TaskOrder> second = tasks(lane);
      assertThat(second)
          .extracting(order -> Payloads.text(order.getInput()))
          .containsExactlyInAnyOrder("2", "3");
      second.forEach(order -> lane.succeeds(order, "7"));
      MapRunTest.settle(lane);

      List<String> keys = MapRunTest.writeAll(lane);
      assertThat(keys).hasSize(3);
      assertThat(keys).filteredOn(key -> key.contains("SUCCEEDED_0_redrive1")).hasSize(1);
      assertThat(keys.getLast()).endsWith("/manifest.json");
      assertThat(ends(lane, arn))
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(ExecutionStatus.SUCCEEDED);
      lane.assertNothingIsLeft();
    }
  }

  @Test
  void shouldKeepNothingBeyondThePeriod() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, ""));
      String arn = lane.launch(machine, "run", "[1,2]");
      MapRunTest.settle(lane);
      tasks(lane).forEach(order -> lane.fails(order, "E", "c"));
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      assertThat(shards(lane)).hasSize(1);

      lane.advance(RedriveRules.PERIOD.plusDays(1));

      assertThat(ask(lane, arn, new RedriveExecution(null, lane.now())))
          .isInstanceOf(Reply.NotRedrivable.class);
      assertThat(mapRun(lane, arn).redrivable()).isFalse();
      assertThat(shards(lane)).isEmpty();
      lane.advance(lane.lane.retention().plusDays(1));
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(lane.timerPurposes()).isEmpty();
    }
  }

  @Test
  void shouldBeginANewMapRunWhenAShardIsLost() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, ""));
      String arn = lane.launch(machine, "run", "[1,2]");
      MapRunTest.settle(lane);
      lane.fails(tasks(lane).getFirst(), "E", "c");
      MapRunTest.settle(lane);
      assertFailed(lane, arn);
      shards(lane).forEach(lane.executions()::delete);

      redrive(lane, arn);
      assertThat(ends(lane, arn))
          .extracting(ExecutionCompleted::getError)
          .containsExactly("States.Runtime");

      redrive(lane, arn);
      tasks(lane).forEach(order -> lane.succeeds(order, "7"));
      MapRunTest.settle(lane);
      assertOutput(lane, arn, "[7,7]");
      assertThat(lane.eventTypes(arn))
          .containsSubsequence("MapRunStarted", "MapRunRedriven", "MapRunFailed", "MapRunStarted");
    }
  }

  @Test
  void shouldLeaveNothingWhenToleratedFailuresEndWell() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String fields = "\"ToleratedFailureCount\":300,\"ResultSelector\":{},";
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, fields));
      String arn = lane.launch(machine, "run", MapRunTest.numbers(300));
      MapRunTest.settle(lane);
      List<TaskOrder> orders = tasks(lane);
      IntStream.range(0, 300)
          .forEach(
              i -> {
                if (i % 100 == 0) {
                  lane.fails(orders.get(i), "E", "c");
                } else {
                  lane.succeeds(orders.get(i), "1");
                }
              });
      MapRunTest.settle(lane);

      assertThat(ends(lane, arn))
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(ExecutionStatus.SUCCEEDED);
      assertThat(shards(lane)).isEmpty();
      lane.assertNothingIsLeft();
    }
  }

  @Test
  void shouldForgetTheMapRunThatARetryReplaces() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String fields =
          "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"],\"IntervalSeconds\":1,\"MaxAttempts\":1}],";
      String machine = lane.machine("m", MapRunTest.map("STANDARD", MapRunTest.TASK, fields));
      String arn = lane.launch(machine, "run", "[1,2]");
      MapRunTest.settle(lane);
      lane.fails(tasks(lane).getFirst(), "E", "c");
      lane.advance(Duration.ofMillis(500));
      assertThat(shards(lane)).isEmpty();
      MapRunTest.settle(lane);
      tasks(lane).forEach(order -> lane.succeeds(order, "7"));
      MapRunTest.settle(lane);

      assertOutput(lane, arn, "[7,7]");
      lane.assertNothingIsLeft();
    }
  }
}
