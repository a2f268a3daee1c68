package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An execution goes on where it has failed, was aborted or has timed out. */
class RedriveTest {

  private static final String TASK =
      "\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:111111111111:function:%s\"";

  private static String task(String name, String more) {
    return "\"%s\":{%s,%s}".formatted(name, TASK.formatted(name), more);
  }

  private static String machine(String startAt, String... states) {
    return "{\"StartAt\":\"%s\",\"States\":{%s}}".formatted(startAt, String.join(",", states));
  }

  @Test
  void shouldRunTheFailedStateAgainWithItsInputAndNumberItsEventsFromItsEntry() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Pass\",\"Result\":{\"a\":1},\"Next\":\"T\"}",
                    task("T", "\"End\":true")))
            .start("{\"n\":1}");
    Effect.Dispatch first = scenario.task("T");
    scenario.fails("T", "E", "c").failsWith("E", "c").redrive();

    Effect.Dispatch second = scenario.task("T");
    assertThat(second.input()).isEqualTo("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    scenario.succeeds("T", "2").outputs("2");
    assertThat(scenario.numbered())
        .containsExactly(
            "1<0 ExecutionStarted",
            "2<0 PassStateEntered",
            "3<2 PassStateExited",
            "4<3 TaskStateEntered",
            "5<4 LambdaFunctionScheduled",
            "6<5 LambdaFunctionStarted",
            "7<6 LambdaFunctionFailed",
            "8<7 ExecutionFailed",
            "9<8 ExecutionRedriven",
            "10<4 LambdaFunctionScheduled",
            "11<10 LambdaFunctionStarted",
            "12<11 LambdaFunctionSucceeded",
            "13<12 TaskStateExited",
            "14<13 ExecutionSucceeded");
    assertThat(scenario.history().get(8).details())
        .isEqualTo(new HistoryDetails.ExecutionRedriven(1));
    assertThat(scenario.end().execution().redriveCount()).isEqualTo(1);
  }

  @Test
  void shouldRejectTheLateResultOfTheEarlierAttempt() {
    Scenario scenario =
        Scenario.of(machine("T", task("T", "\"TimeoutSeconds\":10,\"End\":true"))).start("{}");
    Effect.Dispatch first = scenario.task("T");
    scenario.forget(first);
    scenario.advance(Duration.ofSeconds(10)).failsWith("States.Timeout", null).redrive();

    Decision late =
        scenario.send(new Event.TaskSucceeded(first.frameId(), first.epoch(), "1".getBytes()));
    assertThat(late.rejection()).extracting(Rejection::code).isEqualTo(Rejection.Code.STALE);
    scenario.succeeds("T", "2").outputs("2");
  }

  @Test
  void shouldCountRetriesAnew() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "T",
                    task(
                        "T",
                        "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":1,\"MaxAttempts\":1}],\"End\":true")))
            .start("{}");
    for (int attempt = 0; attempt < 2; attempt++) {
      scenario.fails("T", "E", "c").advance(Duration.ofSeconds(1));
      assertThat(scenario.task("T").retryCount()).isEqualTo(1);
      scenario.fails("T", "E", "c").failsWith("E", "c").redrive();
      assertThat(scenario.task("T").retryCount()).isZero();
    }
    scenario.succeeds("T", "1").outputs("1");
    assertThat(scenario.types()).filteredOn("ExecutionRedriven"::equals).hasSize(2);
  }

  @Test
  void shouldRunOnlyTheBranchesAgainThatHaveNotSucceeded() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[%s,%s,%s]}"
                        .formatted(
                            machine("A", task("A", "\"End\":true")),
                            machine("B", task("B", "\"Next\":\"C\""), task("C", "\"End\":true")),
                            machine("D", task("D", "\"End\":true")))))
            .start("{\"n\":1}");
    scenario.succeeds("A", "\"a\"").succeeds("B", "\"b\"");
    scenario.forget(scenario.task("D"));
    scenario.fails("C", "E", "c").failsWith("E", "c").redrive();

    assertThat(scenario.openTasks())
        .extracting(Effect.Dispatch::state)
        .containsExactlyInAnyOrder("C", "D");
    assertThat(scenario.task("C").input()).isEqualTo("\"b\"".getBytes());
    assertThat(scenario.task("D").input()).isEqualTo("{\"n\":1}".getBytes());
    scenario.succeeds("D", "\"d\"").succeeds("C", "\"c\"").outputs("[\"a\",\"c\",\"d\"]");
    assertThat(scenario.types()).filteredOn("ParallelStateEntered"::equals).hasSize(1);
  }

  @Test
  void shouldRunOnlyTheIterationsAgainThatHaveNotSucceededAndThenTheOthers() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "M",
                    "\"M\":{\"Type\":\"Map\",\"MaxConcurrency\":2,\"End\":true,\"ItemProcessor\":%s}"
                        .formatted(machine("T", task("T", "\"End\":true")))))
            .start("[10,11,12,13]");
    scenario.succeeds("T", "20");
    scenario.forget(scenario.task("T"));
    // item 1 was forgotten; it is aborted when item 2 fails
    scenario.fails("T", "E", "c").failsWith("E", "c").redrive();

    assertThat(scenario.openTasks())
        .extracting(task -> new String(task.input(), StandardCharsets.UTF_8))
        .containsExactly("11", "12");
    scenario.succeeds("T", "21").succeeds("T", "22").succeeds("T", "23").outputs("[20,21,22,23]");
    assertThat(scenario.types())
        .filteredOn("MapIterationStarted"::equals)
        .as("an iteration that runs again is not started again")
        .hasSize(4);
  }

  @Test
  void shouldGoOnWhereItWasStopped() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[%s,%s]}"
                        .formatted(
                            machine("W", "\"W\":{\"Type\":\"Wait\",\"Seconds\":100,\"End\":true}"),
                            machine(
                                "T",
                                task(
                                    "T",
                                    "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":500}],\"End\":true")))))
            .start("1");
    scenario.fails("T", "E", "c").advance(Duration.ofSeconds(50));
    scenario.send(new Event.StopRequested("Stop", "it"));
    scenario.endsWith(Execution.Status.ABORTED).advance(Duration.ofSeconds(500)).redrive();

    // then the delay of the retry is over, and the wait begins again
    scenario.succeeds("T", "2").advance(Duration.ofMillis(99_999));
    assertThat(scenario.ended()).isFalse();
    scenario.advance(Duration.ofMillis(1)).outputs("[1,2]");
  }

  @Test
  void shouldKeepVariablesAndTellTheRedriveInTheContext() {
    Scenario scenario =
        Scenario.of(
                """
                {"QueryLanguage":"JSONata","StartAt":"P","States":{
                  "P":{"Type":"Pass","Assign":{"x":5},"Next":"T"},
                  "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:T","Next":"Z"},
                  "Z":{"Type":"Pass","End":true,"Output":{"x":"{% $x %}",
                    "count":"{% $states.context.Execution.RedriveCount %}",
                    "time":"{% $exists($states.context.Execution.RedriveTime) %}"}}}}
                """)
            .start("{}");
    scenario.fails("T", "E", "c").redrive();
    scenario.succeeds("T", "1").outputs("{\"x\":5,\"count\":1,\"time\":true}");
  }

  @Test
  void shouldGiveTimeoutSecondsAnewAndForgetTheEarlierTimer() {
    Scenario scenario =
        Scenario.of(
                machine("T", task("T", "\"End\":true"))
                    .replaceFirst("\\{", "{\"TimeoutSeconds\":10,"))
            .start("{}");
    scenario.forget(scenario.task("T"));
    scenario.advance(Duration.ofSeconds(10)).endsWith(Execution.Status.TIMED_OUT);
    scenario.advance(Duration.ofSeconds(100)).redrive();
    Decision old =
        scenario.send(new Event.TimerFired(new TimerKey(0, 0, TimerKey.Purpose.EXECUTION_TIMEOUT)));
    assertThat(old.rejection()).extracting(Rejection::code).isEqualTo(Rejection.Code.STALE);
    scenario.forget(scenario.task("T"));
    scenario.advance(Duration.ofMillis(9_999));
    assertThat(scenario.ended()).isFalse();
    scenario.advance(Duration.ofMillis(1)).endsWith(Execution.Status.TIMED_OUT).redrive();
    scenario.succeeds("T", "1").outputs("1");
  }

  @Test
  void shouldFailAgainWhereAFailStateFails() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[%s,%s]}"
                        .formatted(
                            machine("F", "\"F\":{\"Type\":\"Fail\",\"Error\":\"E\"}"),
                            machine("T", task("T", "\"End\":true")))))
            .start("{}");
    scenario.failsWith("E", null).redrive().failsWith("E", null).redrive().failsWith("E", null);
    assertThat(scenario.types())
        .filteredOn(type -> type.startsWith("Execution"))
        .containsExactly(
            "ExecutionStarted",
            "ExecutionFailed",
            "ExecutionRedriven",
            "ExecutionFailed",
            "ExecutionRedriven",
            "ExecutionFailed");
    assertThat(scenario.history()).extracting(HistoryEvent::id).doesNotHaveDuplicates();
  }

  @Test
  void shouldRunAllOfAStateAgainThatFailedByItself() {
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Parallel\",\"End\":true,\"ResultSelector\":{\"v.$\":\"$[0].v\"},\"Branches\":[%s]}"
                        .formatted(machine("T", task("T", "\"End\":true")))))
            .start("{}");
    scenario.succeeds("T", "{}");
    scenario.endsWith(Execution.Status.FAILED).redrive();
    scenario.succeeds("T", "{\"v\":1}").outputs("{\"v\":1}");
  }

  @Test
  void shouldEnterWhatWasNotEnteredYet() {
    // a step may do one transition only, so that branches stand before states at the end
    Scenario scenario =
        Scenario.of(
                machine(
                    "P",
                    "\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[%s,%s]}"
                        .formatted(
                            machine("A", task("A", "\"End\":true")),
                            machine("B", "\"B\":{\"Type\":\"Pass\",\"Result\":3,\"End\":true}"))),
                new Limits(2, 300, 2_000, 3))
            .start("{}");
    assertThat(scenario.ended()).isFalse();
    scenario.forget(scenario.task("A"));
    scenario.send(new Event.StopRequested(null, null));
    scenario.endsWith(Execution.Status.ABORTED).redrive();
    scenario.succeeds("A", "1").advance(Duration.ZERO).outputs("[1,3]");
    assertThat(scenario.types()).filteredOn("PassStateEntered"::equals).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "SUCCEEDED"})
  void shouldRefuseWhatHasNotFailed(Execution.Status status) {
    Scenario scenario = Scenario.of(machine("T", task("T", "\"End\":true"))).start("{}");
    if (status == Execution.Status.SUCCEEDED) {
      scenario.succeeds("T", "1");
    }
    refused(scenario, "Execution is " + status + " and cannot be redriven");
  }

  @Test
  void shouldRefuseAfterThePeriodAndAfterAYear() {
    Scenario scenario = Scenario.of(machine("T", task("T", "\"End\":true"))).start("{}");
    scenario.fails("T", "E", null).advance(RedriveRules.PERIOD).advance(Duration.ofMillis(1));
    refused(scenario, "Execution redrivable period exceeded");

    Scenario old =
        Scenario.of(
                machine(
                    "W",
                    "\"W\":{\"Type\":\"Wait\",\"Seconds\":31535990,\"Next\":\"F\"}",
                    "\"F\":{\"Type\":\"Fail\"}"))
            .start("{}");
    old.advance(Duration.ofSeconds(31_535_990)).endsWith(Execution.Status.FAILED);
    old.advance(Duration.ofSeconds(11));
    refused(old, "Execution has exceeded the max execution time");
  }

  @Test
  void shouldRefuseWhatHasKeptNothing() {
    Scenario express = Scenario.of(machine("T", task("T", "\"End\":true"))).start("{}", true);
    express.fails("T", "E", null).endsWith(Execution.Status.FAILED);
    assertThat(express.keptRows()).isZero();
    refused(express, "Execution has kept nothing from which it could be redriven");

    Scenario malformed = Scenario.of(machine("T", task("T", "\"End\":true"))).start("{");
    malformed.endsWith(Execution.Status.FAILED);
    refused(malformed, "Execution has kept nothing from which it could be redriven");
  }

  private static void refused(Scenario scenario, String message) {
    Decision decision = scenario.send(new Event.RedriveRequested());
    assertThat(decision.effects()).isEmpty();
    assertThat(decision.rejection())
        .isEqualTo(new Rejection(Rejection.Code.NOT_REDRIVABLE, message));
  }

  @Test
  void shouldRejectARedriveOfNothing() {
    Decision decision =
        Scenario.of(machine("T", task("T", "\"End\":true"))).send(new Event.RedriveRequested());
    assertThat(decision.rejection())
        .extracting(Rejection::code)
        .isEqualTo(Rejection.Code.UNKNOWN_EXECUTION);
    assertThat(List.of(decision.effects())).containsOnly(List.of());
  }
}
