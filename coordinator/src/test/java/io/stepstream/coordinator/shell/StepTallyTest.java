package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.stepstream.coordinator.metrics.LaneMeters;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lanes count, and when. */
class StepTallyTest {

  private static final String FUNCTION = LaneFixture.FUNCTION + "f";

  @TempDir Path directory;

  private LaneFixture lane(Lane of) {
    return new LaneFixture(LaneFixture.of(of), directory);
  }

  private static double count(LaneFixture lane, String name, String... tags) {
    return lane.meters.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  private static double started(LaneFixture lane, String machine) {
    return count(lane, "stepstream.executions.started", "state_machine_arn", machine);
  }

  private static double ended(LaneFixture lane, String machine, String status) {
    return count(
        lane, "stepstream.executions.ended", "state_machine_arn", machine, "status", status);
  }

  private static double tasks(LaneFixture lane, String resource, String event) {
    return count(lane, "stepstream.tasks", "resource", resource, "event", event);
  }

  private static Timer timer(LaneFixture lane, String name, String... tags) {
    return lane.meters.get(name).tags(tags).timer();
  }

  private static void stop(LaneFixture lane, String arn) {
    lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
  }

  @ParameterizedTest
  @EnumSource(
      value = Lane.class,
      names = {"STANDARD", "EXPRESS"})
  void shouldCountExecutionsByHowTheyEnd(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String slow =
          lane.machine("slow", "{\"TimeoutSeconds\":5," + LaneFixture.oneTask("").substring(1));

      lane.launch(machine, "succeeds", "{}");
      TaskOrder succeeding = lane.task();
      lane.advance(Duration.ofSeconds(2));
      lane.succeeds(succeeding, "1");
      lane.launch(machine, "fails", "{}");
      lane.fails(lane.task(), "E", "c");
      stop(lane, lane.launch(machine, "aborted", "{}"));
      lane.launch(slow, "late", "{}");
      lane.advance(Duration.ofSeconds(6));
      lane.commit();

      assertThat(started(lane, machine)).isEqualTo(3);
      assertThat(started(lane, slow)).isEqualTo(1);
      assertThat(ended(lane, machine, "SUCCEEDED")).isEqualTo(1);
      assertThat(ended(lane, machine, "FAILED")).isEqualTo(1);
      assertThat(ended(lane, machine, "ABORTED")).isEqualTo(1);
      assertThat(ended(lane, machine, "TIMED_OUT")).isZero();
      assertThat(ended(lane, slow, "TIMED_OUT")).isEqualTo(1);
      assertThat(count(lane, "stepstream.state.transitions", "state_machine_arn", machine))
          .isEqualTo(3);
      Timer time = timer(lane, "stepstream.execution.time", "state_machine_arn", machine);
      assertThat(time.count()).isEqualTo(3);
      assertThat(time.totalTime(TimeUnit.SECONDS)).isBetween(2.0, 2.5);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Lane.class,
      names = {"STANDARD", "EXPRESS"})
  void shouldCountEveryAttemptOfATask(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine =
          lane.machine(
              "m",
              """
              {"StartAt":"T","States":{
                "T":{"Type":"Task","Resource":"%s","TimeoutSeconds":20,"HeartbeatSeconds":5,
                     "Retry":[{"ErrorEquals":["E","States.HeartbeatTimeout"],"IntervalSeconds":1,
                               "MaxAttempts":2,"BackoffRate":1}],
                     "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"U"}],"End":true},
                "U":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}\
              """
                  .formatted(FUNCTION));
      lane.launch(machine, "x", "{}");
      lane.fails(lane.task(), "E", "c");
      lane.advance(Duration.ofSeconds(2));
      TaskOrder silent = lane.task();
      lane.advance(Duration.ofSeconds(6));
      lane.advance(Duration.ofSeconds(2));
      TaskOrder slow = lane.task();
      for (int beat = 0; beat < 6; beat++) {
        lane.send(LaneFixture.answer(slow, new io.stepstream.schemas.TaskHeartbeat(null)));
        lane.advance(Duration.ofSeconds(4));
      }
      lane.commit();

      assertThat(silent.getEpoch()).isNotEqualTo(slow.getEpoch());
      assertThat(tasks(lane, FUNCTION, "scheduled")).isEqualTo(3);
      assertThat(tasks(lane, FUNCTION, "started")).isEqualTo(3);
      assertThat(tasks(lane, FUNCTION, "failed")).isEqualTo(1);
      assertThat(tasks(lane, FUNCTION, "heartbeat_timed_out")).isEqualTo(1);
      assertThat(tasks(lane, FUNCTION, "timed_out")).isEqualTo(1);
      assertThat(tasks(lane, FUNCTION, "succeeded")).isZero();
      Timer time = timer(lane, "stepstream.task.time", "resource", FUNCTION);
      assertThat(time.count()).isEqualTo(3);
      assertThat(time.max(TimeUnit.SECONDS)).isBetween(20.0, 24.5);
      String sqs = "arn:aws:states:::sqs:sendMessage";
      assertThat(count(lane, "stepstream.tasks", "resource", sqs, "kind", "service_integration"))
          .as("caught")
          .isEqualTo(2);
    }
  }

  @Test
  void shouldTellTheWaitOfAnActivitysTaskFromItsRun() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String activity = "arn:aws:states:us-east-1:111111111111:activity:a";
      String machine =
          lane.machine(
              "m",
              """
              {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","End":true}}}\
              """
                  .formatted(activity));
      lane.launch(machine, "x", "{}");
      settle(lane);
      lane.advance(Duration.ofSeconds(3));
      PendingReplies.Call poll = lane.replies.open(Duration.ofMinutes(5));
      lane.send(new Envelope(activity, 1, 0L, 0, 0L, poll.replyTo(), new PollActivity(12_000)));
      settle(lane);
      OfferedTask task = ((Reply.TaskOffered) poll.reply().join()).task();
      PendingReplies.Call take = lane.replies.open(Duration.ofMinutes(5));
      lane.send(
          to(
              task,
              take,
              new TakeTask(
                  activity, task.getOfferedAt(), "w", lane.now().plus(Duration.ofSeconds(9)))));
      settle(lane);
      lane.advance(Duration.ofSeconds(40));
      lane.send(to(task, null, new TaskSucceeded(Payloads.of("1".getBytes(UTF_8)))));
      settle(lane);

      assertThat(tasks(lane, activity, "scheduled")).isEqualTo(1);
      assertThat(tasks(lane, activity, "started")).isEqualTo(1);
      assertThat(tasks(lane, activity, "succeeded")).isEqualTo(1);
      assertThat(seconds(lane, "stepstream.task.schedule.time", activity)).isBetween(3.0, 4.0);
      assertThat(seconds(lane, "stepstream.task.run.time", activity)).isBetween(40.0, 41.0);
      assertThat(seconds(lane, "stepstream.task.time", activity)).isBetween(43.0, 45.0);
    }
  }

  private static double seconds(LaneFixture lane, String name, String resource) {
    Timer timer = timer(lane, name, "resource", resource);
    assertThat(timer.count()).isEqualTo(1);
    return timer.totalTime(TimeUnit.SECONDS);
  }

  private static Envelope to(OfferedTask task, PendingReplies.Call call, Object body) {
    return new Envelope(
        task.getExecutionArn(),
        1,
        task.getFrameId(),
        task.getEpoch(),
        0L,
        call == null ? null : call.replyTo(),
        body);
  }

  private static void settle(LaneFixture lane) {
    lane.advance(Duration.ofMillis(10));
    lane.commit();
  }

  @Test
  void shouldTellRedrivesAndWhatComesOfThem() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      String arn = lane.launch(machine, "x", "{}");
      lane.fails(lane.task(), "E", "c");
      lane.ask(arn, new RedriveExecution(null, lane.now()));
      lane.succeeds(lane.task(), "1");
      lane.commit();

      assertThat(started(lane, machine)).isEqualTo(1);
      assertThat(count(lane, "stepstream.executions.redriven", "state_machine_arn", machine))
          .isEqualTo(1);
      assertThat(
              count(lane, "stepstream.executions.ended", "status", "FAILED", "redriven", "false"))
          .isEqualTo(1);
      assertThat(
              count(lane, "stepstream.executions.ended", "status", "SUCCEEDED", "redriven", "true"))
          .isEqualTo(1);
      assertThat(ended(lane, machine, "SUCCEEDED")).isEqualTo(1);
    }
  }

  @Test
  void shouldNotCountWhatATransactionThatIsUndoneHasDone() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "x", "{}");
      assertThat(started(lane, machine)).as("before the commit").isZero();

      lane.abort();
      lane.commit();
      assertThat(started(lane, machine)).as("undone").isZero();
      lane.launch(machine, "y", "{}");
      lane.commit();

      assertThat(started(lane, machine)).isEqualTo(1);
      assertThat(tasks(lane, FUNCTION, "scheduled")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Lane.class,
      names = {"STANDARD", "EXPRESS"})
  void shouldNotCountDuplicates(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "x", "{}");
      lane.launch(machine, "x", "{}");
      TaskOrder order = lane.task();
      lane.succeeds(order, "1");
      lane.succeeds(order, "2");
      lane.commit();

      assertThat(started(lane, machine)).isEqualTo(1);
      assertThat(tasks(lane, FUNCTION, "succeeded")).isEqualTo(1);
      assertThat(ended(lane, machine, "SUCCEEDED")).isEqualTo(1);
    }
  }

  @Test
  void shouldCountByVersionAndAlias() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      LaunchExecution launch = lane.launchOf(machine, "x", "{}");
      launch.setStartedBy(new StartedBy(7, "live"));
      lane.send(new Envelope(lane.arn(machine, "x"), 1, 0L, 0, 0L, null, launch));
      lane.launch(machine, "y", "{}");
      lane.commit();

      String name = "stepstream.executions.started";
      assertThat(started(lane, machine)).isEqualTo(2);
      assertThat(count(lane, name, "version", "7", "alias", "live")).isEqualTo(1);
      assertThat(count(lane, name, "state_machine_arn", machine, "version", "", "alias", ""))
          .isEqualTo(1);
    }
  }

  /** The fixture gives three machines series of their own. */
  @Test
  void shouldBoundTheNumberOfSeries() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      for (int i = 0; i < 20; i++) {
        String machine =
            lane.machine("m" + i, LaneFixture.oneTask("").replace(FUNCTION, FUNCTION + i));
        lane.launch(machine, "x", "{}");
      }
      lane.commit();

      assertThat(count(lane, "stepstream.executions.started")).as("all of them").isEqualTo(20);
      assertThat(started(lane, LaneMeters.OTHER)).isEqualTo(17);
      assertThat(count(lane, "stepstream.tasks", "event", "scheduled")).isEqualTo(20);
      assertThat(tasks(lane, LaneMeters.OTHER, "scheduled")).isEqualTo(17);
      assertThat(
              lane.meters.getMeters().stream()
                  .map(Meter::getId)
                  .filter(id -> id.getName().equals("stepstream.executions.started")))
          .hasSize(4);
    }
  }

  @Test
  void shouldHaveItsNamesBeforeAnythingHappens() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      assertThat(lane.meters.getMeters().stream().map(meter -> meter.getId().getName()))
          .contains(
              "stepstream.executions.started",
              "stepstream.executions.ended",
              "stepstream.executions.redriven",
              "stepstream.execution.time",
              "stepstream.state.transitions",
              "stepstream.map.runs",
              "stepstream.tasks",
              "stepstream.task.time",
              "stepstream.task.schedule.time",
              "stepstream.task.run.time",
              "stepstream.timer.lateness",
              "stepstream.clock.ahead");
    }
  }

  @Test
  void shouldTellHowLateTimersFire() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine =
          lane.machine(
              "m",
              "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":2,\"End\":true}}}");
      lane.launch(machine, "x", "{}");
      lane.advance(Duration.ofSeconds(9));

      Timer lateness = timer(lane, "stepstream.timer.lateness");
      assertThat(lateness.count()).isEqualTo(1);
      assertThat(lateness.max(TimeUnit.SECONDS)).isBetween(6.9, 7.1);
    }
  }

  @Test
  void shouldTellHowFarASendersClockIsAhead() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "x", "{}");
      assertThat(ahead(lane)).isZero();

      Envelope envelope =
          new Envelope(
              lane.arn(machine, "y"), 1, 0L, 0, 0L, null, lane.launchOf(machine, "y", "{}"));
      lane.writeAt(
          lane.lane.topics().inbox(),
          lane.codecs.inbox().encode(envelope),
          lane.now().plusSeconds(30));

      assertThat(ahead(lane)).isBetween(29.0, 31.0);
    }
  }

  private static double ahead(LaneFixture lane) {
    return lane.meters.get("stepstream.clock.ahead").timeGauge().value(TimeUnit.SECONDS);
  }
}
