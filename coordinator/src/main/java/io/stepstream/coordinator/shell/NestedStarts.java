package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.nested.StartArguments;
import io.stepstream.asl.nested.StartPattern;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.NestedPattern;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts the executions of Task states, {@code states:startExecution}: an attempt that would be a
 * worker's elsewhere becomes a launch for the partition of the new execution, in the transaction of
 * the step that makes the attempt (ADR 0037). What cannot be launched is told to the attempt
 * itself.
 */
final class NestedStarts {

  /** A machine that was created a moment ago must not be unknown. */
  private static final Duration CATCH_UP = Duration.ofSeconds(2);

  private final LaneSettings lane;
  private final Definitions definitions;
  private final Permissions permissions;
  private final Seals seals;

  NestedStarts(LaneSettings lane, Definitions definitions, Permissions permissions, Seals seals) {
    this.seals = seals;
    this.lane = lane;
    this.definitions = definitions;
    this.permissions = permissions;
  }

  /**
   * @return what is to be sent: to the execution that is to begin, or to the one whose attempt it
   *     is
   */
  Envelope start(
      ExecutionRow parent, Effect.Dispatch attempt, StartPattern pattern, long nowMillis) {
    ParentTask task =
        new ParentTask(
            parent.getExecutionArn(),
            attempt.frameId(),
            attempt.epoch(),
            NestedPattern.valueOf(pattern.name()),
            parent.getGeneration());
    // The core has made these arguments, and has checked them before it made the attempt.
    if (Json.decode(attempt.input()) instanceof Decoded.Tree(Object arguments)
        && StartArguments.of(arguments) instanceof StartArguments.Usable usable) {
      return start(parent, task, pattern, usable, nowMillis);
    }
    throw new IllegalStateException("an attempt with arguments that start nothing");
  }

  private Envelope start(
      ExecutionRow parent,
      ParentTask task,
      StartPattern pattern,
      StartArguments.Usable asked,
      long nowMillis) {
    String arn = asked.stateMachineArn();
    String invalidArn = invalidArn(arn);
    if (invalidArn != null) {
      return refused(task, "InvalidArn", "Invalid Arn: '" + invalidArn + "'");
    }
    if (asked.name() != null && !ExecutionArns.isName(asked.name())) {
      return refused(task, "InvalidName", "Invalid Name: '" + asked.name() + "'");
    }
    if (Json.decode(asked.input()) instanceof Decoded.Malformed malformed) {
      return refused(
          task,
          "InvalidExecutionInput",
          "Invalid State Machine Execution Input: '%s (line %d, column %d)'"
              .formatted(malformed.message(), malformed.line(), malformed.column()));
    }
    // Before it is looked up: who may not start it need not learn whether it exists.
    String denied =
        permissions.refusal(parent.getRoleArn(), Demand.of("states:StartExecution", arn));
    if (denied != null) {
      return NestedAnswers.failed(
          task,
          "StepFunctions.AccessDeniedException",
          cause(task, 400, "AccessDeniedException", denied));
    }
    Optional<Definitions.Startable> machine = definitions.startable(arn);
    if (machine.isEmpty() && !definitions.catchUp(CATCH_UP)) {
      // It must not be said of what exists that it doesn't.
      return NestedAnswers.failed(
          task,
          "StepFunctions.AWSStepFunctionsException",
          cause(task, 503, "ServiceUnavailable", "The state machine cannot be looked up now"));
    }
    if (machine.isEmpty()) {
      machine = definitions.startable(arn);
    }
    if (machine.isEmpty()) {
      return refused(
          task, "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
    }
    Definitions.Startable found = machine.get();
    if (pattern.isSync() && found.revision().getLane() == Lane.EXPRESS) {
      // AWS waits for the end of an execution that it can describe.
      return refused(
          task,
          "StateMachineTypeNotSupported",
          "This operation is not supported by this type of state machine");
    }
    try {
      seals.ofRevision(found.revision().getStateMachineArn(), found.revision().getRevisionId());
    } catch (KeyUnavailableException e) {
      return refused(task, "KmsInvalidState", String.valueOf(e.getMessage()));
    }
    return launch(parent, task, asked, found, nowMillis);
  }

  private Envelope launch(
      ExecutionRow parent,
      ParentTask task,
      StartArguments.Usable asked,
      Definitions.Startable machine,
      long nowMillis) {
    String derived = derived(task);
    String name = asked.name() == null ? derived : asked.name();
    String arn = ExecutionArns.of(machine.revision(), name, derived);
    LaunchExecution launch =
        new LaunchExecution(
            machine.revision().getStateMachineArn(),
            machine.revision().getRevisionId(),
            machine.offset(),
            name,
            asked.name() != null,
            Payloads.of(asked.input()),
            Instant.ofEpochMilli(nowMillis),
            asked.traceHeader() == null ? parent.getTraceHeader() : asked.traceHeader(),
            ReplyWhen.STARTED,
            machine.startedBy(),
            task,
            null);
    return new Envelope(
        arn, lane.generationOfLaunch(machine.revision().getLane()), 0L, 0, 0L, null, launch);
  }

  /** A name for what has none: the same for the same attempt, another one for each. */
  private static String derived(ParentTask task) {
    String attempt = task.getExecutionArn() + '#' + task.getFrameId() + '#' + task.getEpoch();
    return UUID.nameUUIDFromBytes(attempt.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static @Nullable String invalidArn(String arn) {
    if (!arn.startsWith("arn:")) {
      return "Invalid ARN prefix: " + arn;
    }
    String[] parts = arn.split(":", -1);
    if (parts.length > 5 && parts[2].equals("states") && !parts[5].equals("stateMachine")) {
      return "Resource type not valid in this context: " + parts[5];
    }
    boolean complete = parts.length >= 7 && parts.length <= 8 && parts[2].equals("states");
    return complete ? null : "Invalid ARN: " + arn;
  }

  /** The name is taken, by whatever. */
  static Envelope alreadyExists(ParentTask task, String executionArn) {
    return refused(
        task, "ExecutionAlreadyExists", "Execution Already Exists: '" + executionArn + "'");
  }

  private static Envelope refused(ParentTask task, String code, String message) {
    return NestedAnswers.failed(
        task, "StepFunctions." + code + "Exception", cause(task, 400, code, message));
  }

  /** A cause in the form of the service's former SDK, as AWS keeps it. */
  private static String cause(ParentTask task, int status, String code, String message) {
    return "%s (Service: AWSStepFunctions; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)"
        .formatted(message, status, code, derived(task));
  }
}
