package io.stepstream.coordinator.api.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.StateVisit.Answer;
import io.stepstream.asl.teststate.TaskCaller;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.Compilation;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.Startable;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.SyncOutcome;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls the task of a state under test for real: by an Express execution of a machine that has this
 * one task, gets its payload for an input, and is in no list.
 *
 * <p>Retry and Catch are the tested state's own affair, so the machine has neither.
 */
public final class ExecutedTasks implements TaskCaller {

  /** AWS's bound of a test, and of an Express execution. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final String TIMEOUT = "States.Timeout";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Its executions leave no history: nobody could ask for it. */
  private static final MachineConfiguration UNLOGGED =
      MachineConfiguration.of(
          JSON.createObjectNode()
              .set("loggingConfiguration", JSON.createObjectNode().put("level", "OFF")));

  private final StateMachines machines;
  private final Executions executions;
  private final UnaryOperator<String> arnOf;
  private final Clock clock;

  /**
   * @param arnOf the ARN of a machine that is defined here, from its name
   * @param clock the one that tested states are told the time by
   */
  public ExecutedTasks(
      StateMachines machines, Executions executions, UnaryOperator<String> arnOf, Clock clock) {
    this.machines = machines;
    this.executions = executions;
    this.arnOf = arnOf;
    this.clock = clock;
  }

  /**
   * Waits for the task's end, at most {@link #LONGEST} and the time that a definition takes.
   *
   * @throws Unavailable when the task could not be started or its end not be learned
   */
  @Override
  public Answer call(Effect.Dispatch task, String roleArn) throws Refusal {
    byte[] definition = definition(task).toString().getBytes(StandardCharsets.UTF_8);
    if (new AslCompiler().compile(definition, Lane.EXPRESS)
        instanceof Compilation.Invalid(String problems)) {
      throw new Refusal("'%s' can't be tested: %s".formatted(task.resource(), problems));
    }
    // Random, so that it meets no machine of a user's and none of another test.
    String name = UUID.randomUUID().toString();
    CreateRequest machine =
        new CreateRequest(
            arnOf.apply(name), name, Lane.EXPRESS, roleArn, definition, UNLOGGED, List.of(), null);
    try {
      return machines
          .createUnlisted(machine)
          .thenCompose(defined -> executions.startSync(start(defined, task), LONGEST))
          .thenApply(ExecutedTasks::answer)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Unavailable unavailable ? unavailable : e;
    }
  }

  private static StartRequest start(Startable.Revision machine, Effect.Dispatch task) {
    return new StartRequest(
        machine.revision(), machine.offset(), null, null, task.input(), null, null);
  }

  private ObjectNode definition(Effect.Dispatch task) {
    ObjectNode state = JSON.createObjectNode();
    state.put("Type", "Task").put("Resource", task.resource()).put("End", true);
    if (task.roleArn() != null) {
      state.putObject("Credentials").put("RoleArn", task.roleArn());
    }
    Long timeout = timeoutSeconds(task.deadlineMillis());
    if (timeout != null) {
      state.put("TimeoutSeconds", timeout);
    }
    Integer heartbeat = task.heartbeatSeconds();
    if (heartbeat != null && heartbeat < (timeout == null ? LONGEST.toSeconds() : timeout)) {
      state.put("HeartbeatSeconds", heartbeat);
    }
    ObjectNode machine = JSON.createObjectNode().put("StartAt", task.state());
    machine.putObject("States").set(task.state(), state);
    return machine;
  }

  /** Null: the state has no timeout that could be over before the test is. */
  private @Nullable Long timeoutSeconds(@Nullable Long deadlineMillis) {
    if (deadlineMillis == null) {
      return null;
    }
    long seconds = Math.max(1, Math.ceilDiv(deadlineMillis - clock.millis(), 1000L));
    return seconds < LONGEST.toSeconds() ? seconds : null;
  }

  private static Answer answer(SyncOutcome outcome) {
    return switch (outcome) {
      case SyncOutcome.Ended(ExecutionDescription execution) -> {
        byte[] output = execution.output();
        if (output != null) {
          yield new Answer.Succeeded(output);
        }
        yield execution.error() == null && execution.status() == ExecutionStatus.TIMED_OUT
            ? new Answer.Failed(TIMEOUT, execution.cause())
            : new Answer.Failed(execution.error(), execution.cause());
      }
      case SyncOutcome.TimedOutWaiting _ -> new Answer.Failed(TIMEOUT, null);
      case SyncOutcome.Throttled _ ->
          throw new Unavailable("Too many executions are on their way", RETRY_AFTER);
    };
  }
}
