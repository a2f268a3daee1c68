package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.JobOrder;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that workers have submitted: what coordinators ask workers for, and keep. */
final class SubmittedJobsTest {

  private static final String RESOURCE = "arn:aws:states:::batch:submitJob.sync";
  private static final String JOB = "{\"JobId\":\"j\"}";

  @TempDir Path directory;
  private LaneFixture lane;
  private String run;
  private TaskOrder order;

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory);
    String machine =
        lane.machine(
            "m",
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","TimeoutSeconds":600,"End":true}}}
            """
                .formatted(RESOURCE));
    run = lane.launch(machine, "run", "{\"JobName\":\"n\"}");
    order = lane.task();
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private static JobRuns runs(@Nullable String submitted, @Nullable String resource) {
    return new JobRuns(
        JOB,
        submitted == null ? null : Payloads.of(submitted.getBytes(UTF_8)),
        5_000L,
        2,
        resource);
  }

  private void say(JobRuns told) {
    lane.send(LaneFixture.answer(order, told));
  }

  @Test
  void shouldAskForALookAfterThePauseAndEndWithTheJob() {
    assertThat(order.getJob()).isNull();
    say(runs("{\"JobId\":\"j\",\"JobName\":\"n\"}", RESOURCE));
    var submittedAt = lane.now();
    lane.advance(Duration.ofMillis(4_900));
    assertThat(lane.tasks("lambda")).isEmpty();

    lane.advance(Duration.ofMillis(200));
    TaskOrder look = lane.task();
    say(runs(null, null));
    lane.advance(Duration.ofMillis(5_100));
    TaskOrder next = lane.task();
    lane.succeeds(next, "{\"Status\":\"SUCCEEDED\"}");

    assertThat(look.getJob()).isEqualTo(new JobOrder(JOB, submittedAt, 0, false));
    assertThat(look.getResource()).isEqualTo(RESOURCE);
    assertThat(look.getStateName()).isEqualTo("T");
    assertThat(look.getEpoch()).isEqualTo(order.getEpoch());
    assertThat(look.getDeadline()).isEqualTo(order.getDeadline());
    assertThat(next.getJob()).isEqualTo(new JobOrder(JOB, submittedAt, 2, false));
    assertThat(lane.eventTypes(run))
        .containsExactly(
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded");
  }

  @Test
  void shouldHaveTheJobStoppedThatNobodyWaitsForAnyMore() {
    say(runs("{}", RESOURCE));

    lane.ask(run, new StopExecution(null, null, lane.now()));

    assertThat(lane.task().getJob()).isEqualTo(new JobOrder(JOB, lane.now(), 0, true));
    assertThat(lane.endings()).containsExactly(ExecutionStatus.ABORTED);
  }

  @Test
  void shouldHaveTheJobStoppedWhenTheTaskTimesOut() {
    say(runs("{}", RESOURCE));
    lane.advance(Duration.ofSeconds(6));
    assertThat(lane.task().getJob().getStop()).isFalse();

    lane.advance(Duration.ofSeconds(600));

    assertThat(lane.task().getJob().getStop()).isTrue();
    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
  }

  /** The worker was at it when the execution ended. */
  @ParameterizedTest
  @CsvSource({"true,true,true", "true,false,false", "false,true,false"})
  void shouldHaveTheJobStoppedThatCameTooLate(boolean submitted, boolean toStop, boolean stopped) {
    lane.ask(run, new StopExecution(null, null, lane.now()));
    assertThat(lane.tasks("lambda")).isEmpty();

    say(runs(submitted ? "{}" : null, toStop ? RESOURCE : null));

    var told = lane.tasks("lambda");
    if (stopped) {
      assertThat(told).hasSize(1);
      assertThat(told.getFirst().getResource()).isEqualTo(RESOURCE);
      assertThat(told.getFirst().getJob()).isEqualTo(new JobOrder(JOB, lane.now(), 0, true));
    } else {
      assertThat(told).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"8193,1,0", "1,-1,0", "1,86400001,0", "1,1,-1"})
  void shouldPutAsideWhatNoWorkerOfOursSays(int length, long pause, int unanswered) {
    say(
        new JobRuns(
            "x".repeat(length), Payloads.of("{}".getBytes(UTF_8)), pause, unanswered, null));

    assertThat(lane.deadLetters()).hasSize(1);
  }
}
