package io.stepstream.asl.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Task state does about the execution that it has started, as long as it waits for it. */
final class NestedExecutionTest {

  private static final String CHILD = "arn:aws:states:us-east-1:111111111111:execution:child:run";

  private static final String TASK =
      """
      {"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"arn"},%s"End":true}\
      """;

  private static final Event.StopRequested STOP =
      new Event.StopRequested(
          null,
          "The Task state in AWS Step Functions execution"
              + " [arn:aws:states:us-east-1:111111111111:execution:machine:run] which was managing"
              + " this resource was aborted");

  private static Scenario started(String fields) {
    return started(
        Scenario.of("{\"StartAt\":\"T\",\"States\":{\"T\":" + TASK.formatted(fields) + "}}"));
  }

  private static Scenario started(Scenario scenario) {
    scenario.start("{}");
    scenario.send(submitted(scenario));
    return scenario;
  }

  private static Event.TaskSubmitted submitted(Scenario scenario) {
    Effect.Dispatch task = scenario.task("T");
    return new Event.TaskSubmitted(
        task.frameId(), task.epoch(), "{\"ExecutionArn\":\"c\"}".getBytes(UTF_8), CHILD);
  }

  private static List<Effect> stops(Decision decision) {
    return stops(decision.effects());
  }

  private static List<Effect> stops(Scenario scenario, Duration after) {
    return stops(scenario.effectsOf(after));
  }

  private static List<Effect> stops(List<Effect> effects) {
    return effects.stream().filter(Effect.Send.class::isInstance).toList();
  }

  @Test
  void shouldStopTheChildWithTheExecution() {
    Scenario scenario = started("");

    Decision stopped = scenario.send(new Event.StopRequested("Error", "cause"));

    assertThat(stops(stopped)).containsExactly(new Effect.Send(CHILD, STOP));
  }

  @ParameterizedTest
  @CsvSource({"'\"TimeoutSeconds\":60,'", "'\"TimeoutSeconds\":600,\"HeartbeatSeconds\":60,'"})
  void shouldStopTheChildWhenTheTaskTimesOut(String fields) {
    Scenario scenario = started(fields);

    List<Effect> told = stops(scenario, Duration.ofSeconds(61));

    assertThat(told).containsExactly(new Effect.Send(CHILD, STOP));
    scenario.failsWith("States.Timeout", null);
  }

  @Test
  void shouldStopTheChildOnceWhenTheTimeoutIsCaught() {
    Scenario scenario =
        started(
            Scenario.of(
                "{\"StartAt\":\"T\",\"States\":{\"T\":"
                    + TASK.formatted(
                        "\"TimeoutSeconds\":60,\"Catch\":[{\"ErrorEquals\":[\"States.Timeout\"],\"Next\":\"P\"}],")
                    + ",\"P\":{\"Type\":\"Pass\",\"End\":true}}}"));

    List<Effect> told = stops(scenario, Duration.ofSeconds(61));

    assertThat(told).containsExactly(new Effect.Send(CHILD, STOP));
    scenario.endsWith(Execution.Status.SUCCEEDED);
  }

  @Test
  void shouldStopTheChildOfABranchWhenAnotherBranchFails() {
    Scenario scenario =
        started(
            Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"T","States":{"T":%s}},
                  {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"F"},"F":{"Type":"Fail"}}}]}}}
                """
                    .formatted(TASK.formatted(""))));

    List<Effect> told = stops(scenario, Duration.ofSeconds(61));

    assertThat(told).containsExactly(new Effect.Send(CHILD, STOP));
    scenario.endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldLeaveTheChildAloneThatHasAnswered() {
    Scenario scenario = started("");
    Effect.Dispatch task = scenario.task("T");

    Decision ended =
        scenario.send(
            new Event.TaskFailed(task.frameId(), task.epoch(), "States.TaskFailed", "{}"));

    assertThat(stops(ended)).isEmpty();
    scenario.failsWith("States.TaskFailed", "{}");
  }

  @Test
  void shouldTellOnceThatTheChildHasStarted() {
    Scenario scenario = started("");

    Decision again = scenario.send(submitted(scenario));

    assertThat(again.rejection()).isNull();
    assertThat(again.effects()).isEmpty();
    assertThat(scenario.types()).containsOnlyOnce("TaskSubmitted");
  }

  @Test
  void shouldRejectTheStartOfAChildThatNobodyWaitsFor() {
    Scenario scenario =
        started("\"TimeoutSeconds\":60,\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"]}],");
    Event.TaskSubmitted late = submitted(scenario);
    scenario.advance(Duration.ofSeconds(60));

    assertThat(scenario.send(late).rejection().code()).isEqualTo(Rejection.Code.STALE);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"Input\":{}}',The field 'StateMachineArn' is required but was missing",
    "'{\"StateMachineArn\":1}',The value for the field 'StateMachineArn' must be a STRING",
    "'{\"StateMachineArn\":\"a\",\"Name\":{}}',The value for the field 'Name' must be a STRING",
    "'{\"StateMachineArn\":\"a\",\"Name\":\"\"}',The value for the field 'Name' must not be empty",
  })
  void shouldFailWithoutAnAttemptWhereNothingCanBeStarted(String parameters, String problem) {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"T","States":{"T":{"Type":"Task","End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"P"}],
                 "Resource":"arn:aws:states:::states:startExecution","Parameters":%s},"P":{"Type":"Pass","End":true}}}
                """
                    .formatted(parameters))
            .start("{}");

    assertThat(scenario.types())
        .containsExactly("ExecutionStarted", "TaskStateEntered", "ExecutionFailed");
    scenario.failsWith(
        "States.Runtime",
        "An error occurred while executing the state 'T' (entered at the event id #2). The"
            + " Parameters '%s' could not be used to start the Task: [%s]"
                .formatted(parameters, problem));
  }
}
