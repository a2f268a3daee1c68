package io.stepstream.asl.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.SimulatedExecution;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks of activities: put before workers, taken by one of them, withdrawn when nobody waits. */
final class ActivityTest {

  private static final String ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:a";
  private static final long START = 1_800_000_000_000L;

  private final Set<String> missing = new HashSet<>();
  private SimulatedExecution execution;

  private Effect.Dispatch start(String definition) {
    Machine machine =
        switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
          case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
          case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
        };
    execution =
        new SimulatedExecution(
            machine, "us-east-1", Limits.DEFAULT, arn -> !missing.contains(arn), START);
    execution.send(
        new Event.Started(
            "arn:aws:states:us-east-1:111111111111:execution:machine:run",
            "run",
            "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            "arn:aws:iam::111111111111:role/r",
            false,
            START,
            "{}".getBytes(UTF_8),
            null));
    return execution.dispatched().isEmpty() ? null : execution.dispatched().getLast();
  }

  private static String one(String fields) {
    return """
    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s",%s"End":true}}}\
    """
        .formatted(ACTIVITY, fields);
  }

  private static Event taken(Effect.Dispatch task) {
    return new Event.TaskStarted(task.frameId(), task.epoch(), "w");
  }

  private static List<Effect> withdrawals(Decision decision) {
    return decision.effects().stream().filter(Effect.Withdraw.class::isInstance).toList();
  }

  private static Effect.Withdraw withdrawal(Effect.Dispatch task, long offeredMillis) {
    return new Effect.Withdraw(ACTIVITY, task.frameId(), task.epoch(), offeredMillis);
  }

  private List<String> types() {
    return execution.history().stream().map(event -> event.type().awsName()).toList();
  }

  @Test
  void shouldBeTakenOnceAndWithdrawnThen() {
    Effect.Dispatch task = start(one(""));

    Decision first = execution.send(taken(task));
    Decision second = execution.send(taken(task));

    assertThat(withdrawals(first)).containsExactly(withdrawal(task, START));
    assertThat(second.rejection()).isNotNull();
    assertThat(second.rejection().code()).isEqualTo(Rejection.Code.STALE);
    assertThat(types()).filteredOn("ActivityStarted"::equals).hasSize(1);
    assertThat(TaskTokens.unprotected().verify(task.taskToken()).epoch()).isEqualTo(task.epoch());
  }

  @Test
  void shouldNotBeWithdrawnAgainWhenATakenOneEnds() {
    Effect.Dispatch task = start(one(""));
    execution.send(taken(task));

    Decision end =
        execution.send(new Event.TaskSucceeded(task.frameId(), task.epoch(), "1".getBytes(UTF_8)));

    assertThat(withdrawals(end)).isEmpty();
    assertThat(execution.end()).isNotNull();
  }

  @Test
  void shouldBeWithdrawnWhenTheExecutionIsStopped() {
    Effect.Dispatch task =
        start(
            """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[%s]}}}\
            """
                .formatted(one("")));

    Decision stop = execution.send(new Event.StopRequested(null, null));

    assertThat(withdrawals(stop)).containsExactly(withdrawal(task, START));
    assertThat(execution.send(taken(task)).rejection()).isNotNull();
  }

  @Test
  void shouldBeWithdrawnWhenItsTimeIsOverAndOfferedAgainByARetry() {
    Effect.Dispatch task =
        start(
            one(
                "\"TimeoutSeconds\":5,\"Retry\":[{\"ErrorEquals\":[\"States.Timeout\"],"
                    + "\"IntervalSeconds\":1}],"));

    Decision timeout = execution.fireNextTimer();
    Decision late = execution.send(taken(task));
    execution.fireNextTimer();
    Effect.Dispatch again = execution.dispatched().getLast();

    assertThat(withdrawals(timeout)).containsExactly(withdrawal(task, START));
    assertThat(late.rejection()).isNotNull();
    assertThat(again.epoch()).isGreaterThan(task.epoch());
    assertThat(withdrawals(execution.send(taken(again))))
        .containsExactly(withdrawal(again, START + 6_000));
    assertThat(execution.send(taken(task)).rejection()).as("of the first attempt").isNotNull();
  }

  @Test
  void shouldBeOfferedAnewByARedrive() {
    Effect.Dispatch task = start(one(""));
    execution.send(new Event.StopRequested(null, null));

    execution.moveTo(START + 1_000);
    execution.send(new Event.RedriveRequested());

    Effect.Dispatch again = execution.dispatched().getLast();
    assertThat(again.epoch()).isGreaterThan(task.epoch());
    assertThat(execution.send(taken(task)).rejection()).as("of the first attempt").isNotNull();
    assertThat(withdrawals(execution.send(taken(again))))
        .containsExactly(withdrawal(again, START + 1_000));
  }

  @Test
  void shouldStayOfferedWhileSomethingElseHappens() {
    Effect.Dispatch task = start(one(""));

    Decision beat = execution.send(new Event.TaskHeartbeat(task.frameId(), task.epoch()));

    assertThat(withdrawals(beat)).isEmpty();
    assertThat(execution.send(taken(task)).rejection()).isNull();
  }

  @Test
  void shouldCountTheSilenceOfAWorkerFromWhereItTookTheTask() {
    Effect.Dispatch task = start(one("\"TimeoutSeconds\":600,\"HeartbeatSeconds\":10,"));
    assertThat(execution.nextTimerMillis()).as("only the timeout").isEqualTo(START + 600_000);
    execution.moveTo(START + 60_000);
    execution.send(taken(task));
    assertThat(execution.nextTimerMillis()).isEqualTo(START + 70_000);

    execution.moveTo(START + 65_000);
    execution.send(new Event.TaskHeartbeat(task.frameId(), task.epoch()));
    execution.fireNextTimer();
    assertThat(execution.end()).as("the beat has moved it").isNull();
    execution.fireNextTimer();

    assertThat(execution.now()).isEqualTo(START + 75_000);
    assertThat(types()).endsWith("ActivityStarted", "ActivityTimedOut", "ExecutionFailed");
  }

  @Test
  void shouldFailWhereTheActivityDoesNotExistWithoutSchedulingIt() {
    missing.add(ACTIVITY);

    start(one("\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"T\"}],"));

    assertThat(types()).containsExactly("ExecutionStarted", "TaskStateEntered", "ExecutionFailed");
    assertThat(execution.end().error()).isEqualTo("States.Runtime");
    assertThat(execution.end().cause())
        .isEqualTo(
            "An error occurred while executing the state 'T' (entered at the event id #2). The"
                + " activity "
                + ACTIVITY
                + " does not exist.");
  }

  @Test
  void shouldNotBeTakenWhereItIsNoActivity() {
    Effect.Dispatch task =
        start(one("").replace(ACTIVITY, "arn:aws:lambda:us-east-1:111111111111:function:f"));

    assertThat(execution.send(taken(task)).rejection()).isNotNull();
    assertThat(task.taskToken()).isNull();
  }
}
