package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunStatus;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users ask of Map runs and change in them. */
class MapRunCommandsTest {

  @TempDir private Path directory;
  private LaneFixture lane;

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory);
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private String launch(String fields, int items) {
    String definition =
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Label":"L",%s"ItemProcessor":{
          "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
          "StartAt":"S","States":{"S":{"Type":"Task","End":true,"Resource":"%sf"}}}}}}\
        """
            .formatted(fields, LaneFixture.FUNCTION);
    String input =
        IntStream.range(0, items)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",", "[", "]"));
    String arn = lane.launch(lane.machine("m", definition), "run", input);
    settle();
    return arn;
  }

  /** Long enough for every message, and for the reports of shards. */
  private void settle() {
    for (int round = 0; round < 10; round++) {
      lane.advance(Duration.ofMillis(200));
    }
  }

  private Reply ask(String arn, Object body) {
    CompletableFuture<Reply> reply = lane.ask(arn, body);
    assertThat(reply).as("an answer leaves after the commit").isNotDone();
    lane.commit();
    return reply.join();
  }

  private MapRunPage list(String executionArn) {
    assertThat(ask(executionArn, new ListMapRuns(0L, 10))).isInstanceOf(Reply.MapRunsListed.class);
    return ((Reply.MapRunsListed) ask(executionArn, new ListMapRuns(0L, 10))).page();
  }

  private String only(String executionArn) {
    assertThat(list(executionArn).runs()).hasSize(1);
    return list(executionArn).runs().getFirst().mapRunArn();
  }

  private MapRunDescription describe(String mapRunArn) {
    Reply reply = ask(mapRunArn, new InspectMapRun(false));
    assertThat(reply).isInstanceOf(Reply.MapRun.class);
    return ((Reply.MapRun) reply).mapRun();
  }

  private static MapRunCounts counts(
      long pending, long running, long succeeded, long failed, long aborted, long written) {
    long total = pending + running + succeeded + failed + aborted;
    return new MapRunCounts(pending, running, succeeded, failed, 0L, aborted, total, written, 0L);
  }

  private Reply update(String mapRunArn, Integer concurrency, Long count, Double percentage) {
    return ask(mapRunArn, new UpdateMapRun(concurrency, count, percentage));
  }

  @Test
  void shouldTellHowFarAMapRunHasComeAndHowItEnded() {
    String arn = launch("\"MaxConcurrency\":3,\"ToleratedFailurePercentage\":50,", 5);
    String run = only(arn);
    List<TaskOrder> orders = lane.tasks("lambda");
    assertThat(orders).hasSize(3);

    MapRunDescription begun = describe(run);
    assertThat(begun.executionArn()).isEqualTo(arn);
    assertThat(begun.status()).isEqualTo(MapRunStatus.RUNNING);
    assertThat(begun.startDate()).isEqualTo(LaneFixture.START);
    assertThat(begun.stopDate()).isNull();
    assertThat(begun.maxConcurrency()).isEqualTo(3);
    assertThat(begun.toleratedFailureCount()).isZero();
    assertThat(begun.toleratedFailurePercentage()).isEqualTo(50);
    assertThat(begun.children()).isEqualTo(counts(2, 3, 0, 0, 0, 0));
    assertThat(begun.items()).isEqualTo(begun.children());

    lane.succeeds(orders.get(0), "1");
    lane.fails(orders.get(1), "Bad", null);
    settle();
    assertThat(describe(run).children()).isEqualTo(counts(0, 3, 1, 1, 0, 0));

    lane.succeeds(orders.get(2), "1");
    lane.tasks("lambda").forEach(order -> lane.succeeds(order, "1"));
    settle();
    MapRunDescription ended = describe(run);
    assertThat(lane.endings()).hasSize(6);
    assertThat(ended.status()).isEqualTo(MapRunStatus.SUCCEEDED);
    assertThat(ended.stopDate()).isAfter(ended.startDate());
    assertThat(ended.maxConcurrency()).isEqualTo(3);
    assertThat(ended.toleratedFailurePercentage()).isEqualTo(50);
    assertThat(ended.children()).isEqualTo(counts(0, 0, 4, 1, 0, 5));
    assertThat(ended.items()).isEqualTo(ended.children());
    assertThat(list(arn).runs().getFirst().stopDate()).isEqualTo(ended.stopDate());
  }

  @Test
  void shouldTellThatChildrenOfAStoppedExecutionWereAborted() {
    String arn = launch("\"MaxConcurrency\":2,", 3);
    String run = only(arn);

    lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
    settle();

    MapRunDescription ended = describe(run);
    assertThat(ended.status()).isEqualTo(MapRunStatus.ABORTED);
    assertThat(ended.children()).isEqualTo(counts(1, 0, 0, 0, 2, 0));
  }

  @Test
  void shouldTellOfAMapRunWhoseExecutionABugHasEnded() {
    String arn = launch("", 3);
    String run = only(arn);
    lane.breakMachine(LaneFixture.machineArn("m"));

    lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
    settle();

    assertThat(describe(run).status()).isEqualTo(MapRunStatus.ABORTED);
    assertThat(describe(run).stopDate()).isNotNull();
    assertThat(update(run, 1, null, null)).isEqualTo(new Reply.MapRunUpdated(MapRunUpdate.ENDED));
  }

  @Test
  void shouldRunMoreOrFewerChildrenFromNowOn() {
    String run = only(launch("\"MaxConcurrency\":2,", 10));
    List<TaskOrder> first = lane.tasks("lambda");
    assertThat(first).hasSize(2);

    assertThat(update(run, 5, null, null)).isEqualTo(new Reply.MapRunUpdated(MapRunUpdate.UPDATED));
    settle();
    List<TaskOrder> more = lane.tasks("lambda");
    assertThat(more).hasSize(3);
    assertThat(describe(run).maxConcurrency()).isEqualTo(5);
    assertThat(describe(run).children()).isEqualTo(counts(5, 5, 0, 0, 0, 0));

    update(run, 1, null, null);
    first.forEach(order -> lane.succeeds(order, "1"));
    more.subList(0, 2).forEach(order -> lane.succeeds(order, "1"));
    settle();
    assertThat(lane.tasks("lambda")).as("one still runs").isEmpty();
    lane.succeeds(more.getLast(), "1");
    settle();
    assertThat(lane.tasks("lambda")).hasSize(1);

    update(run, 0, null, null);
    settle();
    assertThat(lane.tasks("lambda")).as("no bound").hasSize(4);
  }

  @Test
  void shouldJudgeFailuresAnew() {
    String arn = launch("\"ToleratedFailureCount\":5,", 10);
    String run = only(arn);
    List<TaskOrder> orders = lane.tasks("lambda");
    orders.subList(0, 2).forEach(order -> lane.fails(order, "Bad", null));
    settle();
    assertThat(describe(run).status()).isEqualTo(MapRunStatus.RUNNING);
    assertThat(update(run, null, 2L, null))
        .isEqualTo(new Reply.MapRunUpdated(MapRunUpdate.UPDATED));
    assertThat(describe(run).toleratedFailureCount()).isEqualTo(2);

    update(run, null, null, 10.0);
    settle();

    MapRunDescription ended = describe(run);
    assertThat(ended.status()).isEqualTo(MapRunStatus.FAILED);
    assertThat(ended.toleratedFailurePercentage()).isEqualTo(10);
    assertThat(ended.children()).isEqualTo(counts(0, 0, 0, 2, 8, 0));
    assertThat(lane.eventTypes(arn)).endsWith("MapRunFailed", "MapStateFailed", "ExecutionFailed");
    assertThat(lane.completions())
        .filteredOn(end -> end.getExecutionArn().equals(arn))
        .allMatch(end -> end.getStatus() == ExecutionStatus.FAILED)
        .allMatch(end -> end.getError().equals("States.ExceedToleratedFailureThreshold"));
  }

  @Test
  void shouldBearMoreFailuresWhereTheStateBoreNone() {
    String run = only(launch("\"MaxConcurrency\":1,", 3));

    update(run, null, null, 50.0);
    lane.fails(lane.tasks("lambda").getFirst(), "Bad", null);
    settle();

    assertThat(describe(run).status()).isEqualTo(MapRunStatus.RUNNING);
    assertThat(describe(run).children()).isEqualTo(counts(1, 1, 0, 1, 0, 0));
  }

  @Test
  void shouldLetAChangeWaitForTheDefinition() {
    String arn = launch("\"MaxConcurrency\":1,", 3);
    String run = only(arn);
    lane.definitions.forget(LaneFixture.machineArn("m"));
    CompletableFuture<Reply> reply = lane.ask(run, new UpdateMapRun(2, null, null));
    settle();
    lane.commit();
    assertThat(reply).isNotDone();
    assertThat(describe(run).maxConcurrency()).as("readable nevertheless").isEqualTo(1);
  }

  @Test
  void shouldNotKnowMapRunsThatNeverWere() {
    String arn = launch("", 1);
    String run = only(arn);
    String other = run.substring(0, run.length() - 1) + (run.endsWith("0") ? '1' : '0');

    assertThat(ask(other, new InspectMapRun(false))).isEqualTo(new Reply.NoSuchMapRun());
    assertThat(update(other, 1, null, null)).isEqualTo(new Reply.NoSuchMapRun());
    assertThat(ask(arn + "x", new ListMapRuns(0L, 10))).isEqualTo(new Reply.NoSuchExecution());
  }

  @Test
  void shouldListWithinBounds() {
    String arn = launch("", 1);
    long position = list(arn).runs().getFirst().position();

    assertThat(list(arn).more()).isFalse();
    assertThat(ask(arn, new ListMapRuns(position, 10)))
        .isEqualTo(new Reply.MapRunsListed(new MapRunPage(List.of(), false)));
    assertThat(ask(arn, new ListMapRuns(position - 1, 10)))
        .isEqualTo(new Reply.MapRunsListed(list(arn)));
  }

  @Test
  void shouldPutImpossibleCommandsAside() {
    String arn = launch("", 1);
    String run = only(arn);
    List.of(
            to(arn, new InspectMapRun(false)),
            to(arn, new UpdateMapRun(1, null, null)),
            to(run, new StopExecution(null, null, lane.now())),
            to(run, new UpdateMapRun(-1, null, null)),
            to(run, new UpdateMapRun(null, -1L, null)),
            to(run, new UpdateMapRun(null, null, Double.NaN)),
            to(arn, new ListMapRuns(Long.MAX_VALUE, 1)),
            to(arn, new ListMapRuns(0L, 0)))
        .forEach(lane::send);

    assertThat(lane.deadLetters()).hasSize(8);
  }

  private static Envelope to(String arn, Object body) {
    return new Envelope(arn, 1, 0L, 0, 0L, null, body);
  }

  @Test
  void shouldForgetAMapRunAfterItsExecution() {
    String arn = launch("", 1);
    String run = only(arn);
    // It runs for longer than ended ones are kept.
    lane.advance(lane.lane.retention().plusDays(3));
    assertThat(describe(run).status()).isEqualTo(MapRunStatus.RUNNING);

    lane.succeeds(lane.tasks("lambda").getFirst(), "1");
    settle();
    lane.advance(lane.lane.retention().minusDays(1));
    assertThat(describe(run).status()).isEqualTo(MapRunStatus.SUCCEEDED);

    lane.advance(Duration.ofDays(3));
    assertThat(ask(run, new InspectMapRun(false))).isEqualTo(new Reply.NoSuchMapRun());
    assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
    assertThat(lane.rows(TimerRows.STORE)).isEmpty();
  }

  @Test
  void shouldLiveBesideItsExecutionAndTellChildrenItsArn() {
    String arn = launch("", 1);
    String run = only(arn);

    assertThat(ExecutionKey.of(run).partition(1_000))
        .isEqualTo(ExecutionKey.of(arn).partition(1_000));
    assertThat(lane.history())
        .filteredOn(record -> !record.getExecutionArn().equals(arn))
        .first()
        .extracting(HistoryRecord::getMapRunArn)
        .isEqualTo(run);
    assertThat(lane.history())
        .filteredOn(record -> record.getExecutionArn().equals(arn))
        .allMatch(record -> record.getMapRunArn() == null);
  }
}
