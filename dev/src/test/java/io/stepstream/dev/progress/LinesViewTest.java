package io.stepstream.dev.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LinesViewTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final StringWriter text = new StringWriter();
  private final ProgressView view = ProgressView.to(new PrintWriter(text), "", "order", START);

  @Test
  void shouldTellEntryExitAndTheTimeBetween() {
    view.show(step(1, 0, 0, "ExecutionStarted", null));
    view.show(step(2, 1, 10, "PassStateEntered", "First"));
    view.show(step(3, 2, 260, "PassStateExited", "First"));
    view.show(step(4, 3, 300, "ExecutionSucceeded", null));

    assertThat(lines())
        .containsExactly("0.01s > First  Pass", "0.26s < First  0.25s", "0.30s = order  succeeded");
  }

  @Test
  void shouldTellARetryWithItsDelay() {
    view.show(step(1, 0, 0, "ExecutionStarted", null));
    view.show(step(2, 1, 0, "TaskStateEntered", "Charge"));
    view.show(step(3, 2, 0, "LambdaFunctionScheduled", null));
    view.show(failure(4, 3, 100, "LambdaFunctionFailed", "Timeout", "too\n slow"));
    view.show(step(5, 4, 1100, "LambdaFunctionScheduled", null));
    view.show(step(6, 5, 1200, "LambdaFunctionSucceeded", null));
    view.show(step(7, 6, 1200, "TaskStateExited", "Charge"));

    assertThat(lines())
        .containsExactly(
            "0.00s > Charge  Task",
            "0.10s ! Charge  failed: Timeout: too slow",
            "1.10s ~ Charge  retry 1 after 1.00s",
            "1.20s < Charge  1.20s");
  }

  @Test
  void shouldKeepInterleavedIterationsApart() {
    view.show(step(1, 0, 0, "ExecutionStarted", null));
    view.show(step(2, 1, 0, "MapStateEntered", "Lines"));
    view.show(new HistoryStep(3, 2, START, "MapStateStarted", null, -1, 2, null, null, null));
    view.show(iteration(4, 3, "MapIterationStarted", 0));
    view.show(iteration(5, 3, "MapIterationStarted", 1));
    view.show(step(6, 4, 0, "PassStateEntered", "Pick"));
    view.show(step(7, 5, 0, "PassStateEntered", "Pick"));
    view.show(step(8, 7, 0, "PassStateExited", "Pick"));
    view.show(iteration(9, 8, "MapIterationSucceeded", 1));
    view.show(step(10, 6, 0, "PassStateExited", "Pick"));
    view.show(iteration(11, 10, "MapIterationSucceeded", 0));
    view.show(step(12, 11, 0, "MapStateSucceeded", null));
    view.show(step(13, 12, 0, "MapStateExited", "Lines"));

    assertThat(lines())
        .containsExactly(
            "0.00s > Lines  Map",
            "0.00s > Lines[0]/Pick  Pass",
            "0.00s > Lines[1]/Pick  Pass",
            "0.00s < Lines[1]/Pick  0.00s",
            "0.00s < Lines[0]/Pick  0.00s",
            "0.00s < Lines  0.00s");
  }

  @Test
  void shouldPutTheStateAfterACaughtErrorBesideTheOneThatFailed() {
    view.show(step(1, 0, 0, "ExecutionStarted", null));
    view.show(step(2, 1, 0, "ParallelStateEntered", "Both"));
    view.show(step(3, 2, 0, "ParallelStateStarted", null));
    view.show(step(4, 3, 0, "TaskStateEntered", "Charge"));
    view.show(failure(5, 4, 0, "TaskFailed", "Declined", null));
    view.show(step(6, 5, 0, "ParallelStateFailed", null));
    view.show(step(7, 6, 0, "ParallelStateExited", "Both"));
    view.show(step(8, 7, 0, "PassStateEntered", "Undo"));

    assertThat(lines())
        .endsWith(
            "0.00s ! Both/Charge  failed: Declined",
            "0.00s ! Both  failed: ParallelStateFailed",
            "0.00s < Both  0.00s",
            "0.00s > Undo  Pass");
  }

  @Test
  void shouldSayThatAnExecutionTimedOut() {
    view.show(step(1, 0, 0, "ExecutionStarted", null));
    view.show(step(2, 1, 75_000, "ExecutionTimedOut", null));

    assertThat(lines()).containsExactly("75.0s = order  timed out");
  }

  private List<String> lines() {
    return text.toString().lines().map(String::strip).toList();
  }

  private static HistoryStep step(
      long id, long previous, long millis, String type, @Nullable String name) {
    return new HistoryStep(
        id, previous, START.plusMillis(millis), type, name, -1, -1, null, null, null);
  }

  private static HistoryStep failure(
      long id, long previous, long millis, String type, String error, @Nullable String cause) {
    return new HistoryStep(
        id, previous, START.plusMillis(millis), type, null, -1, -1, error, cause, null);
  }

  private static HistoryStep iteration(long id, long previous, String type, int index) {
    return new HistoryStep(id, previous, START, type, "Lines", index, -1, null, null, null);
  }
}
