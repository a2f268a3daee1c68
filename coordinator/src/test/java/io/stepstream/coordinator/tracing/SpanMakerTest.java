package io.stepstream.coordinator.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.tracing.ExecutionTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpanMakerTest {

  private static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  private static final String MACHINE = ACCOUNT + "stateMachine:m";
  private static final String STANDARD = ACCOUNT + "execution:m:e";
  private static final String EXPRESS = ACCOUNT + "express:m:e:u";

  private final List<FinishedSpan> spans = new ArrayList<>();
  private final SpanMaker maker =
      new SpanMaker((_, revision) -> !revision.equals("off"), spans::add);

  /** Events with ids from 1, a second apart. */
  private static final class Told {
    final List<HistoryEvent> events = new ArrayList<>();

    Told add(HistoryEventType type, long previous, @Nullable HistoryEventDetails details) {
      long id = events.size() + 1;
      events.add(new HistoryEvent(id, previous, START.plusSeconds(id), type, details));
      return this;
    }

    Told add(HistoryEventType type, long previous) {
      return add(type, previous, null);
    }

    static HistoryEventDetails name(String name) {
      HistoryEventDetails details = new HistoryEventDetails();
      details.setName(name);
      return details;
    }

    static HistoryEventDetails error(String error) {
      HistoryEventDetails details = new HistoryEventDetails();
      details.setError(error);
      return details;
    }
  }

  private static HistoryRecord record(
      String arn, String revision, @Nullable String traceHeader, List<HistoryEvent> events) {
    return new HistoryRecord(
        arn, MACHINE, revision, Lane.STANDARD, events, traceHeader, null, null);
  }

  /** Event by event, as a lane would for long executions. */
  private void take(String arn, @Nullable String traceHeader, Told told) {
    for (HistoryEvent event : told.events) {
      maker.take(record(arn, "r1", traceHeader, new ArrayList<>(List.of(event))), true);
    }
  }

  private FinishedSpan span(String name) {
    List<FinishedSpan> found = spans.stream().filter(span -> span.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  private static Told retriedThenDone() {
    return new Told()
        .add(HistoryEventType.ExecutionStarted, 0)
        .add(HistoryEventType.TaskStateEntered, 0, Told.name("T"))
        .add(HistoryEventType.LambdaFunctionScheduled, 2)
        .add(HistoryEventType.LambdaFunctionStarted, 3)
        .add(HistoryEventType.LambdaFunctionFailed, 4, Told.error("E"))
        .add(HistoryEventType.LambdaFunctionScheduled, 5)
        .add(HistoryEventType.LambdaFunctionStarted, 6)
        .add(HistoryEventType.LambdaFunctionSucceeded, 7)
        .add(HistoryEventType.TaskStateExited, 8, Told.name("T"))
        .add(HistoryEventType.WaitStateEntered, 9, Told.name("W"))
        .add(HistoryEventType.WaitStateExited, 10, Told.name("W"))
        .add(HistoryEventType.ExecutionSucceeded, 11);
  }

  @Test
  void shouldMakeATraceOfEachVisitOfAStandardExecutionLinkedToIt() {
    take(
        STANDARD,
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        retriedThenDone());

    ExecutionTrace trace =
        new ExecutionTrace(
            STANDARD, "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8");
    assertThat(spans)
        .extracting(FinishedSpan::name)
        .containsExactly("T attempt", "T attempt", "T", "W", "m");
    FinishedSpan failed = spans.get(0);
    FinishedSpan succeeded = spans.get(1);
    FinishedSpan visit = span("T");
    assertThat(failed.context()).isEqualTo(trace.attempt(2, 3));
    assertThat(failed.error()).isEqualTo("E");
    assertThat(failed.attributes()).containsEntry("stepstream.attempt", "1");
    assertThat(succeeded.context()).isEqualTo(trace.attempt(2, 6));
    assertThat(succeeded.error()).isNull();
    assertThat(List.of(failed.parent(), succeeded.parent())).containsOnly(visit.context());
    assertThat(visit.context()).isEqualTo(trace.visit(2));
    assertThat(visit.parent()).isNull();
    assertThat(visit.links()).containsExactly(trace.execution(0));
    assertThat(visit.error()).isNull();
    assertThat(Duration.between(visit.start(), visit.end())).isEqualTo(Duration.ofSeconds(7));
    assertThat(span("W").links()).containsExactly(trace.execution(0));
    FinishedSpan root = span("m");
    assertThat(root.context()).isEqualTo(trace.execution(0));
    assertThat(root.parent().spanId()).isEqualTo("53995c3f42cd8ad8");
    assertThat(root.start()).isEqualTo(START.plusSeconds(1));
    assertThat(root.end()).isEqualTo(START.plusSeconds(12));
    assertThat(maker.open()).isZero();
  }

  @Test
  void shouldMakeOneTraceOfAnExpressExecution() {
    take(EXPRESS, null, retriedThenDone());
    ExecutionTrace trace = new ExecutionTrace(EXPRESS, null);
    assertThat(spans)
        .extracting(span -> span.context().traceId())
        .containsOnly(trace.execution(0).traceId());
    assertThat(span("T").parent()).isEqualTo(trace.execution(0));
    assertThat(span("T").links()).isEmpty();
    assertThat(span("m").parent()).isNull();
  }

  @Test
  void shouldNestWhatMapsIterate() {
    take(
        EXPRESS,
        null,
        new Told()
            .add(HistoryEventType.ExecutionStarted, 0)
            .add(HistoryEventType.MapStateEntered, 0, Told.name("M"))
            .add(HistoryEventType.MapStateStarted, 2)
            .add(HistoryEventType.MapIterationStarted, 3, Told.name("M"))
            .add(HistoryEventType.PassStateEntered, 4, Told.name("A"))
            .add(HistoryEventType.MapIterationStarted, 3, Told.name("M"))
            .add(HistoryEventType.PassStateExited, 5, Told.name("A"))
            .add(HistoryEventType.PassStateEntered, 6, Told.name("A"))
            .add(HistoryEventType.PassStateEntered, 7, Told.name("B"))
            .add(HistoryEventType.PassStateExited, 8, Told.name("A"))
            .add(HistoryEventType.MapIterationSucceeded, 10, Told.name("M"))
            .add(HistoryEventType.PassStateExited, 9, Told.name("B"))
            .add(HistoryEventType.MapIterationSucceeded, 12, Told.name("M"))
            .add(HistoryEventType.MapStateSucceeded, 13)
            .add(HistoryEventType.MapStateExited, 14, Told.name("M"))
            .add(HistoryEventType.ExecutionSucceeded, 15));

    FinishedSpan map = span("M");
    assertThat(spans).extracting(FinishedSpan::name).containsExactly("A", "A", "B", "M", "m");
    assertThat(spans.subList(0, 3)).allMatch(span -> span.parent().equals(map.context()));
    assertThat(map.parent()).isEqualTo(span("m").context());
    assertThat(map.error()).isNull();
  }

  @Test
  void shouldEndWithAnErrorWhatHasNoEndOfItsOwn() {
    take(
        STANDARD,
        null,
        new Told()
            .add(HistoryEventType.ExecutionStarted, 0)
            .add(HistoryEventType.ParallelStateEntered, 0, Told.name("P"))
            .add(HistoryEventType.ParallelStateStarted, 2)
            .add(HistoryEventType.TaskStateEntered, 3, Told.name("T"))
            .add(HistoryEventType.TaskScheduled, 4)
            .add(HistoryEventType.WaitStateEntered, 3, Told.name("W"))
            .add(HistoryEventType.TaskTimedOut, 5, Told.error("States.Timeout"))
            .add(HistoryEventType.ParallelStateFailed, 7)
            .add(HistoryEventType.ParallelStateExited, 8, Told.name("P"))
            .add(HistoryEventType.FailStateEntered, 9, Told.name("F"))
            .add(HistoryEventType.ExecutionFailed, 10, Told.error("Over")));

    assertThat(span("T attempt").error()).isEqualTo("States.Timeout");
    assertThat(span("T").error()).isEqualTo("States.Timeout");
    assertThat(span("W").error()).isNotNull();
    assertThat(span("W").end()).isEqualTo(START.plusSeconds(8));
    assertThat(span("P").error()).as("it was caught").isNull();
    assertThat(span("F").error()).isEqualTo("Over");
    assertThat(span("m").error()).isEqualTo("Over");
    assertThat(span("T").links())
        .containsExactly(
            new ExecutionTrace(STANDARD, null).execution(0),
            new ExecutionTrace(STANDARD, null).visit(2));
  }

  @Test
  void shouldMakeASpanOfEachRedriveAndGoOnWithWhatIsEnteredThen() {
    HistoryEventDetails redrive = new HistoryEventDetails();
    redrive.setRedriveCount(1);
    take(
        STANDARD,
        null,
        new Told()
            .add(HistoryEventType.ExecutionStarted, 0)
            .add(HistoryEventType.TaskStateEntered, 0, Told.name("T"))
            .add(HistoryEventType.TaskScheduled, 2)
            .add(HistoryEventType.TaskFailed, 3, Told.error("E"))
            .add(HistoryEventType.ExecutionFailed, 4, Told.error("E"))
            .add(HistoryEventType.ExecutionRedriven, 5, redrive)
            .add(HistoryEventType.TaskScheduled, 6)
            .add(HistoryEventType.TaskSucceeded, 7)
            .add(HistoryEventType.TaskStateExited, 8, Told.name("T"))
            .add(HistoryEventType.PassStateEntered, 9, Told.name("N"))
            .add(HistoryEventType.PassStateExited, 10, Told.name("N"))
            .add(HistoryEventType.ExecutionSucceeded, 11));

    ExecutionTrace trace = new ExecutionTrace(STANDARD, null);
    assertThat(spans)
        .filteredOn(span -> span.kind() == FinishedSpan.Kind.EXECUTION)
        .extracting(FinishedSpan::context)
        .containsExactly(trace.execution(0), trace.execution(1));
    assertThat(span("N").links()).containsExactly(trace.execution(1));
    assertThat(span("T").error()).isEqualTo("E");
  }

  @Test
  void shouldMakeNothingOfWhatNobodyWantsOrWasToldBefore() {
    Told told = retriedThenDone();
    maker.take(record(STANDARD, "off", null, new ArrayList<>(told.events)), true);
    maker.take(
        record(
            STANDARD,
            "r1",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            new ArrayList<>(told.events)),
        true);
    assertThat(spans).isEmpty();

    // what was told goes on where it was left
    maker.take(record(STANDARD, "r1", null, new ArrayList<>(told.events.subList(0, 8))), false);
    assertThat(spans).isEmpty();
    maker.take(record(STANDARD, "r1", null, new ArrayList<>(told.events.subList(8, 12))), true);
    assertThat(spans).extracting(FinishedSpan::name).containsExactly("T", "W", "m");
  }

  @Test
  void shouldTellNothingOfWhatItHasNotSeenBegin() {
    Told told = retriedThenDone();
    maker.take(record(STANDARD, "r1", null, new ArrayList<>(told.events.subList(3, 12))), true);
    assertThat(spans).extracting(FinishedSpan::name).containsExactly("W");
  }

  @Test
  void shouldForgetWhatIsQuietForLongestWhenItRemembersTooMuch() {
    List<HistoryEvent> begun =
        new Told()
            .add(HistoryEventType.ExecutionStarted, 0)
            .add(HistoryEventType.WaitStateEntered, 0, Told.name("W"))
            .events;
    for (int i = 0; i < SpanMaker.MOST_REMEMBERED + 10; i++) {
      maker.take(record(STANDARD + i, "r1", null, new ArrayList<>(begun)), true);
    }
    assertThat(maker.open()).isEqualTo(SpanMaker.MOST_REMEMBERED);
    HistoryEvent exited =
        new HistoryEvent(3L, 2L, START, HistoryEventType.WaitStateExited, Told.name("W"));
    maker.take(record(STANDARD + 0, "r1", null, new ArrayList<>(List.of(exited))), true);
    assertThat(spans).isEmpty();
    int last = SpanMaker.MOST_REMEMBERED + 9;
    maker.take(record(STANDARD + last, "r1", null, new ArrayList<>(List.of(exited))), true);
    assertThat(spans).hasSize(1);
  }
}
