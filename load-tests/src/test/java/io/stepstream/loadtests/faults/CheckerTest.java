package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: each invariant is broken once. */
final class CheckerTest {

  private static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
  private static final String ARN = "arn:aws:states:us-east-1:000000000000:execution:m:e";
  private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");
  private static final Expected ONE = Expected.succeeded(Api.json("{\"n\":1}"));

  private final List<Violation> found = new ArrayList<>();
  private final List<String> during = new ArrayList<>();
  private final WrongClocks wrongClocks = new WrongClocks();
  private final Checker checker =
      new Checker(
          (fault, violation) -> {
            during.add(fault);
            found.add(violation);
          },
          wrongClocks);

  /** Events of one execution, a second apart, each caused by the one before it. */
  private final List<HistoryEvent> events = new ArrayList<>();

  private static Start start(Expected expected, boolean isAcknowledged) {
    return new Start(Lane.STANDARD, MACHINE, "e", expected, "F-01", isAcknowledged);
  }

  private static HistoryEvent event(
      long id, long cause, int millis, HistoryEventType type, HistoryEventDetails details) {
    return new HistoryEvent(id, cause, BEGIN.plusMillis(millis), type, details);
  }

  private static HistoryEventDetails named(String name) {
    return HistoryEventDetails.newBuilder().setName(name).build();
  }

  private void next(int millis, HistoryEventType type) {
    next(millis, type, null);
  }

  private void next(int millis, HistoryEventType type, HistoryEventDetails details) {
    int before = events.size();
    events.add(event(before + 1, before, millis, type, details));
  }

  /** A task between a start and an end, as it should be. */
  private void task() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.TaskStateEntered, named("Square"));
    next(
        0,
        HistoryEventType.LambdaFunctionScheduled,
        HistoryEventDetails.newBuilder().setTimeoutInSeconds(20L).build());
    next(10, HistoryEventType.LambdaFunctionStarted);
    next(20, HistoryEventType.LambdaFunctionSucceeded);
    next(20, HistoryEventType.TaskStateExited, named("Square"));
    next(20, HistoryEventType.ExecutionSucceeded);
  }

  private void tell() {
    for (HistoryEvent event : events) {
      tell(Lane.STANDARD, event);
    }
  }

  private void tell(Lane lane, HistoryEvent event) {
    checker.history(new HistoryRecord(ARN, MACHINE, "r", lane, List.of(event), null, null, null));
  }

  private void complete(ExecutionStatus status, String output, String error, int millis) {
    complete(Lane.STANDARD, status, output, error, millis);
  }

  private void complete(
      Lane lane, ExecutionStatus status, String output, String error, int millis) {
    checker.completed(
        ExecutionCompleted.newBuilder()
            .setExecutionArn(ARN)
            .setStateMachineArn(MACHINE)
            .setName("e")
            .setLane(lane)
            .setStatus(status)
            .setStartDate(BEGIN)
            .setStopDate(BEGIN.plusMillis(millis))
            .setInput(Payloads.of("{}"))
            .setOutput(output == null ? null : Payloads.of(output))
            .setError(error)
            .build());
  }

  private void conclude(Start... starts) {
    checker.conclude(List.of(starts));
  }

  private void assertFound(Invariant invariant, String text) {
    assertThat(found)
        .anySatisfy(
            violation -> {
              assertThat(violation.invariant()).isEqualTo(invariant);
              assertThat(violation.what()).contains(text);
            });
  }

  @Test
  void shouldFindNothingWhereAllIsRight() {
    task();
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\": 1}", null, 20);
    checker.ordered(order(1), false);
    checker.ordered(order(1), true);
    for (int i = 0; i < 5; i++) {
      checker.invoked(ARN + "#1#1");
    }
    conclude(start(ONE, true));
    assertThat(found).isEmpty();
    assertThat(checker.events()).isEqualTo(7);
    assertThat(checker.repeatedRuns()).isEqualTo(1);
  }

  @Test
  void shouldFindNothingInARedrive() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.WaitStateEntered, named("Wait-2"));
    next(10, HistoryEventType.ExecutionAborted);
    next(20, HistoryEventType.ExecutionRedriven);
    next(2_020, HistoryEventType.WaitStateExited, named("Wait-2"));
    next(2_020, HistoryEventType.ExecutionSucceeded);
    tell();
    complete(ExecutionStatus.ABORTED, null, null, 10);
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 2_020);
    conclude(start(ONE, true));
    assertThat(found).isEmpty();
  }

  @Test
  void shouldMissWhatWasAcknowledged() {
    conclude(start(ONE, true));
    assertFound(Invariant.I1, "has no history");
    assertThat(during).containsExactly("F-01");
  }

  @Test
  void shouldNotMissWhatNobodyAcknowledged() {
    conclude(start(ONE, false));
    assertThat(found).isEmpty();
  }

  @Test
  void shouldMissTheEndOfWhatHasBegunWhetherOrNotItWasAcknowledged() {
    next(0, HistoryEventType.ExecutionStarted);
    tell();
    conclude(start(ONE, false));
    assertFound(Invariant.I1, "it has not ended");
  }

  @Test
  void shouldMissTheCompletion() {
    task();
    tell();
    conclude(start(ONE, true));
    assertFound(Invariant.I1, "without a completion");
  }

  @Test
  void shouldNoticeASecondEnd() {
    task();
    next(30, HistoryEventType.ExecutionFailed);
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    conclude(start(ONE, true));
    assertFound(Invariant.I2, "ExecutionFailed follows the end, SUCCEEDED");
    assertFound(Invariant.I2, "2 ends and 1 completions");
  }

  @Test
  void shouldNoticeASecondCompletion() {
    task();
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    conclude(start(ONE, true));
    assertFound(Invariant.I2, "1 ends and 2 completions");
  }

  @Test
  void shouldNoticeACompletionThatIsNotWhatTheHistorySays() {
    task();
    tell();
    complete(ExecutionStatus.FAILED, null, "E", 20);
    conclude(start(Expected.failed("E"), true));
    assertFound(Invariant.I2, "its history ends in SUCCEEDED, its completion says FAILED");
  }

  @Test
  void shouldNoticeGapsRepetitionsEffectsBeforeCausesAndTimeThatGoesBack() {
    events.add(event(1, 0, 100, HistoryEventType.ExecutionStarted, null));
    events.add(event(3, 1, 100, HistoryEventType.PassStateEntered, named("P")));
    events.add(event(3, 1, 100, HistoryEventType.PassStateExited, named("P")));
    events.add(event(4, 4, 100, HistoryEventType.PassStateEntered, named("P")));
    events.add(event(5, 4, 50, HistoryEventType.PassStateExited, named("P")));
    tell();
    conclude(start(ONE, true));
    assertFound(Invariant.I3, "event 3 follows event 1");
    assertFound(Invariant.I3, "event 3 follows event 3");
    assertFound(Invariant.I3, "event 4 is caused by 4");
    assertFound(Invariant.I3, "event 5 is 50 ms before the one before it");
  }

  @Test
  void shouldNoticeAStateThatWasNotLeft() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.PassStateEntered, named("P"));
    next(0, HistoryEventType.ExecutionSucceeded);
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 0);
    conclude(start(ONE, true));
    assertFound(Invariant.I3, "1 states were entered and 0 left");
  }

  @Test
  void shouldNoticeASecondResultOfAnAttemptAndOneOfNone() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.TaskStateEntered, named("Square"));
    next(0, HistoryEventType.LambdaFunctionScheduled);
    next(0, HistoryEventType.LambdaFunctionStarted);
    next(0, HistoryEventType.LambdaFunctionTimedOut);
    events.add(event(6, 4, 0, HistoryEventType.LambdaFunctionSucceeded, null));
    events.add(event(7, 2, 0, HistoryEventType.LambdaFunctionSucceeded, null));
    tell();
    conclude(start(ONE, true));
    assertFound(Invariant.I4, "event 6, LambdaFunctionSucceeded, is a second result");
    assertFound(Invariant.I4, "event 7, LambdaFunctionSucceeded, answers nothing");
  }

  @Test
  void shouldNoticeAnAttemptThatIsOrderedTwice() {
    checker.ordered(order(1), false);
    checker.ordered(order(2), false);
    checker.ordered(order(1), false);
    conclude();
    assertThat(found).hasSize(1);
    assertFound(Invariant.I4, "the attempt 1 of frame 7 is ordered twice");
  }

  private static TaskOrder order(int epoch) {
    return TaskOrder.newBuilder()
        .setLane(Lane.STANDARD)
        .setExecutionArn(ARN)
        .setStateMachineArn(MACHINE)
        .setStateName("Square")
        .setResource("r")
        .setFrameId(7)
        .setEpoch(epoch)
        .setScheduledAt(BEGIN)
        .setInboxTopic("stepstream.std.inbox")
        .setInboxPartition(0)
        .setInput(Payloads.of("{}"))
        .build();
  }

  @Test
  void shouldNoticeAnExecutionThatNobodyHasAskedFor() {
    task();
    tell();
    conclude();
    assertFound(Invariant.I5, "nobody has asked for it");
    assertThat(during).contains("");
  }

  @Test
  void shouldNoticeAWaitThatEndsTooEarly() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.WaitStateEntered, named("Wait-4"));
    next(2_500, HistoryEventType.WaitStateExited, named("Wait-4"));
    tell();
    conclude(start(ONE, true));
    assertFound(Invariant.I6, "Wait-4 ended 1500 ms too early");
  }

  @Test
  void shouldAllowForAClockThatWasWrong() {
    wrongClocks.add(
        BEGIN.toEpochMilli(), BEGIN.plusSeconds(10).toEpochMilli(), Duration.ofSeconds(1));
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.WaitStateEntered, named("Wait-4"));
    next(1_500, HistoryEventType.WaitStateExited, named("Wait-4"));
    next(1_500, HistoryEventType.WaitStateEntered, named("Wait-9"));
    next(2_000, HistoryEventType.WaitStateExited, named("Wait-9"));
    next(2_000, HistoryEventType.ExecutionSucceeded);
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 2_000);
    conclude(start(ONE.takingAtLeast(Duration.ofSeconds(5)), true));
    assertThat(found).hasSize(1);
    assertFound(Invariant.I6, "Wait-9 ended 8500 ms too early");
  }

  @Test
  void shouldMeasureHowLateAWaitEnds() {
    next(0, HistoryEventType.ExecutionStarted);
    next(0, HistoryEventType.WaitStateEntered, named("Wait-4"));
    next(4_300, HistoryEventType.WaitStateExited, named("Wait-4"));
    tell();
    assertThat(checker.lateness()).containsExactly(300L);
  }

  @Test
  void shouldNoticeATaskThatTimesOutTooEarly() {
    next(0, HistoryEventType.ExecutionStarted);
    next(
        0,
        HistoryEventType.LambdaFunctionScheduled,
        HistoryEventDetails.newBuilder()
            .setTimeoutInSeconds(20L)
            .setHeartbeatInSeconds(5L)
            .build());
    next(3_000, HistoryEventType.LambdaFunctionTimedOut);
    tell();
    conclude(start(ONE, true));
    assertFound(Invariant.I6, "the task of event 3 timed out too early");
  }

  @Test
  void shouldNoticeAnExecutionThatIsFasterThanItsTimers() {
    task();
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    conclude(start(ONE.takingAtLeast(Duration.ofSeconds(5)), true));
    assertFound(Invariant.I6, "it has ended 4980 ms before its timers allow");
  }

  @Test
  void shouldNoticeAnAttemptThatIsRunTooOften() {
    task();
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    for (int i = 0; i < 6; i++) {
      checker.invoked(ARN + "#1#1");
    }
    conclude(start(ONE, true));
    assertFound(Invariant.I7, "was run 6 times, more than 5");
  }

  @Test
  void shouldNoticeAWrongStatusErrorAndOutput() {
    task();
    tell();
    complete(ExecutionStatus.SUCCEEDED, "{\"n\":2}", null, 20);
    conclude(start(ONE, true));
    assertFound(Invariant.I8, "its output is {\"n\":2} instead of {\"n\":1}");
    found.clear();
    conclude(start(Expected.timedOut(), true));
    assertFound(Invariant.I8, "it ended in SUCCEEDED (null, null) instead of [TIMED_OUT]");
    found.clear();
    complete(ExecutionStatus.FAILED, null, "States.Runtime", 20);
    conclude(start(Expected.failed("Mine"), true));
    assertFound(Invariant.I8, "its error is States.Runtime instead of Mine");
  }

  @Test
  void shouldAskOfExpressExecutionsForOneRightEnd() {
    Start express = new Start(Lane.EXPRESS, MACHINE, "e", ONE, "F-06", true);
    tell(Lane.EXPRESS, event(9, 4, 0, HistoryEventType.ExecutionStarted, null));
    complete(Lane.EXPRESS, ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    complete(Lane.EXPRESS, ExecutionStatus.SUCCEEDED, "{\"n\":1}", null, 20);
    conclude(express);
    assertThat(found).isEmpty();
    complete(Lane.EXPRESS, ExecutionStatus.FAILED, null, "States.Runtime", 20);
    conclude(express);
    assertFound(Invariant.I8, "it ended in FAILED");
    assertThat(during).containsExactly("F-06");
  }

  @Test
  void shouldMissAnExpressExecution() {
    conclude(new Start(Lane.EXPRESS, MACHINE, "e", ONE, "F-06", true));
    assertFound(Invariant.I1, "has no completion");
  }
}
