package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers are told of attempts that nobody waits for, and of no others. */
class AbandonTest {

  private static final String FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:f";

  private static final String TWO =
      """
      {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"%s","End":true}}},
        {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"%s","End":true}}}]%s}}}\
      """;

  private static Scenario one(String fields) {
    return Scenario.of(
            """
            {"StartAt":"T",%s"States":{"T":{"Type":"Task","Resource":"%s","End":true}}}\
            """
                .formatted(fields, FUNCTION))
        .start("{}");
  }

  private static List<Effect.Abandon> abandoned(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.Abandon.class::isInstance)
        .map(Effect.Abandon.class::cast)
        .toList();
  }

  private static Effect.Abandon of(Effect.Dispatch task) {
    return new Effect.Abandon(task.frameId(), task.epoch(), FUNCTION);
  }

  private static Decision succeeds(Scenario scenario, Effect.Dispatch task) {
    return scenario.send(new Event.TaskSucceeded(task.frameId(), task.epoch(), "1".getBytes()));
  }

  private static Decision fails(Scenario scenario, Effect.Dispatch task) {
    return scenario.send(new Event.TaskFailed(task.frameId(), task.epoch(), "E", null));
  }

  @Test
  void shouldTellOfEveryAttemptWhenTheExecutionIsStoppedAndNotAgainByARedrive() {
    Scenario scenario = Scenario.of(TWO.formatted(FUNCTION, FUNCTION, "")).start("{}");
    Effect.Dispatch a = scenario.task("A");
    Effect.Dispatch b = scenario.task("B");

    assertThat(abandoned(scenario.send(new Event.StopRequested(null, null))))
        .containsExactlyInAnyOrder(of(a), of(b));
    assertThat(abandoned(scenario.send(new Event.RedriveRequested()))).isEmpty();
    assertThat(abandoned(scenario.send(new Event.StopRequested(null, null)))).hasSize(2);
  }

  @Test
  void shouldTellOfWhatRanBesideAFailureAndNotOfWhatHasFailed() {
    Scenario scenario = Scenario.of(TWO.formatted(FUNCTION, FUNCTION, "")).start("{}");
    Effect.Dispatch b = scenario.task("B");

    assertThat(abandoned(fails(scenario, scenario.task("A")))).containsExactly(of(b));
  }

  @Test
  void shouldTellOfWhatRanBesideAFailureThatIsCaught() {
    String caught =
        TWO.formatted(
            FUNCTION, FUNCTION, ",\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"C\"}]");
    Scenario scenario =
        Scenario.of(
                caught.substring(0, caught.length() - 2)
                    + ",\"C\":{\"Type\":\"Wait\",\"Seconds\":9,\"End\":true}}}")
            .start("{}");
    Effect.Dispatch b = scenario.task("B");

    assertThat(abandoned(fails(scenario, scenario.task("A")))).containsExactly(of(b));
  }

  @Test
  void shouldTellOfNothingThatHasAnswered() {
    Scenario scenario = Scenario.of(TWO.formatted(FUNCTION, FUNCTION, "")).start("{}");

    assertThat(abandoned(succeeds(scenario, scenario.task("A")))).isEmpty();
    Effect.Dispatch b = scenario.task("B");
    assertThat(abandoned(scenario.send(new Event.TaskHeartbeat(b.frameId(), b.epoch())))).isEmpty();
    assertThat(abandoned(succeeds(scenario, b))).isEmpty();
  }

  @Test
  void shouldTellWhenTheExecutionTimesOut() {
    Scenario scenario = one("\"TimeoutSeconds\":5,");
    Effect.Dispatch task = scenario.task("T");

    List<Effect> effects = scenario.effectsOf(Duration.ofSeconds(5));

    assertThat(scenario.types()).endsWith("ExecutionTimedOut");
    assertThat(effects).contains(of(task));
  }
}
