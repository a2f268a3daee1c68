package io.stepstream.asl.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Task state does about a job that its worker has submitted and no longer holds. */
final class SubmittedJobTest {

  private static final String RESOURCE = "arn:aws:states:::batch:submitJob.sync";
  private static final String TASK =
      "{\"Type\":\"Task\",\"Resource\":\"" + RESOURCE + "\",%s\"End\":true}";
  private static final byte[] ANSWER = "{\"JobId\":\"j\"}".getBytes(UTF_8);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static Scenario submitted(String fields) {
    return submitted(
        Scenario.of("{\"StartAt\":\"T\",\"States\":{\"T\":" + TASK.formatted(fields) + "}}"));
  }

  private static Scenario submitted(Scenario scenario) {
    scenario.start("{}");
    scenario.send(runs(scenario, "job", ANSWER));
    return scenario;
  }

  private static Event.JobRuns runs(Scenario scenario, String job, byte @Nullable [] submitted) {
    Effect.Dispatch task = scenario.task("T");
    return new Event.JobRuns(
        task.frameId(), task.epoch(), job, submitted, PAUSE.toMillis(), submitted == null ? 3 : 0);
  }

  private static List<Effect.OfJob> orders(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.OfJob.class::isInstance)
        .map(Effect.OfJob.class::cast)
        .toList();
  }

  private static Effect.StopJob stop(Scenario scenario, String job) {
    Effect.Dispatch task = scenario.task("T");
    return new Effect.StopJob(task.frameId(), task.epoch(), "T", RESOURCE, job);
  }

  @Test
  void shouldLookAgainAfterEachPauseUntilTheJobHasEnded() {
    Scenario scenario = submitted("\"TimeoutSeconds\":600,");
    Effect.Dispatch task = scenario.task("T");
    long since = scenario.history().getLast().timestampMillis();

    assertThat(orders(scenario.effectsOf(PAUSE.minusMillis(1)))).isEmpty();
    List<Effect.OfJob> first = orders(scenario.effectsOf(Duration.ofMillis(1)));
    scenario.send(runs(scenario, "job", null));
    List<Effect.OfJob> second = orders(scenario.effectsOf(PAUSE));
    scenario.succeeds("T", "{\"Status\":\"SUCCEEDED\"}");

    assertThat(first)
        .containsExactly(
            new Effect.LookAtJob(
                task.frameId(),
                task.epoch(),
                "T",
                RESOURCE,
                "job",
                since,
                0,
                task.deadlineMillis()));
    assertThat(second)
        .containsExactly(
            new Effect.LookAtJob(
                task.frameId(),
                task.epoch(),
                "T",
                RESOURCE,
                "job",
                since,
                3,
                task.deadlineMillis()));
    assertThat(scenario.types())
        .containsExactly(
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded");
    assertThat(orders(scenario.effectsOf(PAUSE))).isEmpty();
  }

  @Test
  void shouldTellOnceAndLookOnceWhateverIsToldTwice() {
    Scenario scenario = submitted("");

    Decision submittedAgain = scenario.send(runs(scenario, "job", ANSWER));
    Decision lookedUnasked = scenario.send(runs(scenario, "job", null));
    List<Effect.OfJob> looks = orders(scenario.effectsOf(PAUSE));
    scenario.send(runs(scenario, "job", null));
    Decision lookedTwice = scenario.send(runs(scenario, "job", null));

    for (Decision repeated : List.of(submittedAgain, lookedUnasked, lookedTwice)) {
      assertThat(repeated.rejection()).isNull();
      assertThat(repeated.effects()).isEmpty();
    }
    assertThat(looks).hasSize(1);
    assertThat(orders(scenario.effectsOf(PAUSE))).hasSize(1);
    assertThat(scenario.types()).containsOnlyOnce("TaskSubmitted");
  }

  @Test
  void shouldStopTheSecondJobOfOneAttempt() {
    Scenario scenario = submitted("");

    Decision second = scenario.send(runs(scenario, "another", ANSWER));

    assertThat(orders(second.effects())).containsExactly(stop(scenario, "another"));
  }

  @Test
  void shouldNotTakeAJobThatWasNeverSubmitted() {
    Scenario scenario =
        Scenario.of("{\"StartAt\":\"T\",\"States\":{\"T\":" + TASK.formatted("") + "}}")
            .start("{}");

    assertThat(scenario.send(runs(scenario, "job", null)).effects()).isEmpty();
  }

  @Test
  void shouldStopTheJobWithTheExecution() {
    Scenario scenario = submitted("");
    Effect.StopJob stop = stop(scenario, "job");

    Decision stopped = scenario.send(new Event.StopRequested("Error", "cause"));

    assertThat(orders(stopped.effects())).containsExactly(stop);
  }

  @Test
  void shouldStopTheJobWhenTheTaskTimesOut() {
    Scenario scenario = submitted("\"TimeoutSeconds\":5,");
    Effect.StopJob stop = stop(scenario, "job");

    List<Effect.OfJob> told = orders(scenario.effectsOf(Duration.ofSeconds(5)));

    assertThat(told).containsExactly(stop);
    scenario.failsWith("States.Timeout", null);
  }

  @Test
  void shouldStopTheJobOfABranchWhenAnotherBranchFails() {
    Scenario scenario =
        submitted(
            Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"T","States":{"T":%s}},
                  {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"F"},"F":{"Type":"Fail"}}}]}}}
                """
                    .formatted(TASK.formatted(""))));
    Effect.StopJob stop = stop(scenario, "job");

    assertThat(orders(scenario.effectsOf(Duration.ofSeconds(5)))).containsExactly(stop);
    scenario.endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldLeaveTheJobAloneThatHasFailed() {
    Scenario scenario = submitted("");
    Effect.Dispatch task = scenario.task("T");

    Decision ended =
        scenario.send(
            new Event.TaskFailed(task.frameId(), task.epoch(), "States.TaskFailed", "{}"));

    assertThat(orders(ended.effects())).isEmpty();
    scenario.failsWith("States.TaskFailed", "{}");
  }

  @Test
  void shouldRejectTheJobThatNobodyWaitsFor() {
    Scenario scenario =
        submitted("\"TimeoutSeconds\":60,\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"]}],");
    Event.JobRuns late = runs(scenario, "job", ANSWER);
    scenario.advance(Duration.ofSeconds(60));

    assertThat(scenario.send(late).rejection().code()).isEqualTo(Rejection.Code.STALE);
  }

  /** A look tells that the job runs; one in three may be lost. */
  @ParameterizedTest
  @CsvSource({"15,5000", "60,10000", "1,333"})
  void shouldLookOftenEnoughForTheHeartbeat(int heartbeatSeconds, long pauseMillis) {
    Scenario scenario = submitted("\"HeartbeatSeconds\":%d,".formatted(heartbeatSeconds));

    assertThat(orders(scenario.effectsOf(Duration.ofMillis(pauseMillis - 1)))).isEmpty();
    assertThat(orders(scenario.effectsOf(Duration.ofMillis(1)))).hasSize(1);
  }

  @Test
  void shouldBeginAnewWithARedrive() {
    Scenario scenario = submitted("");
    scenario.send(new Event.StopRequested(null, null));
    scenario.forget(scenario.task("T"));

    scenario.redrive();

    assertThat(orders(scenario.effectsOf(PAUSE))).isEmpty();
    scenario.send(runs(scenario, "another", ANSWER));
    assertThat(orders(scenario.effectsOf(PAUSE))).hasSize(1);
  }
}
