package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Task state: hands an attempt to the workers and waits for the answer of exactly that attempt.
 */
final class TaskBehavior {

  private static final long MAX_SECONDS = 99_999_999;

  private TaskBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Task task) {
    Scope scope = step.scope(strand);
    Object arguments;
    switch (interpreter.arguments(task.data(), scope)) {
      case Evaluation.Failed failed -> {
        interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
        return;
      }
      case Evaluation.Value(Object value) -> arguments = value;
    }
    Seconds timeout = seconds(task, task.timeoutSeconds(), "TimeoutSeconds", scope);
    Seconds heartbeat = seconds(task, task.heartbeatSeconds(), "HeartbeatSeconds", scope);
    EvaluationError error = timeout.error != null ? timeout.error : heartbeat.error;
    if (error != null) {
      interpreter.fail(strand, step.evaluationFailure(strand, error));
      return;
    }
    String credentials = null;
    if (task.credentials() != null) {
      switch (task.credentials().evaluate(scope)) {
        case Evaluation.Failed failed -> {
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
          return;
        }
        case Evaluation.Value(Object value) -> {
          // Without a role the task would act as the worker, who may do more.
          if (!(value instanceof Map<?, ?> object)
              || !(object.get("RoleArn") instanceof String role)) {
            interpreter.fail(strand, step.evaluationFailure(strand, noRole(task, value)));
            return;
          }
          credentials = role;
        }
      }
    }
    byte[] input = step.encodeWithinLimit(arguments);
    if (input == null) {
      interpreter.fail(strand, Interpreter.inputLimitExceeded(task));
      return;
    }
    TaskResource resource = TaskResource.of(task.resource());
    if (resource instanceof TaskResource.Activity(String arn)
        && !step.context.activities().exists(arn)) {
      String cause = step.placed(strand, "The activity %s does not exist.".formatted(arn));
      interpreter.fail(strand, Failure.of(Failure.RUNTIME, cause));
      return;
    }
    String unusable = NestedExecution.unusable(task, arguments);
    if (unusable != null) {
      interpreter.fail(strand, Failure.of(Failure.RUNTIME, step.placed(strand, unusable)));
      return;
    }
    TaskEvents.scheduled(
        step, strand, resource, input, timeout.value, heartbeat.value, credentials);
    Long deadline = timeout.value == null ? null : step.now() + timeout.value * 1000L;
    boolean offered = resource instanceof TaskResource.Activity;
    // Nobody can send the heartbeat of an activity's task before it is taken; AWS counts from
    // there.
    Long heartbeatDue =
        heartbeat.value == null || offered ? null : step.now() + heartbeat.value * 1000L;
    strand.await(
        new Awaits.Task(
            task.resource(),
            deadline,
            heartbeat.value,
            step.now(),
            heartbeatDue,
            offered ? step.now() : null,
            null,
            null,
            step.now(),
            null));
    step.startedLater(strand, resource);
    step.dispatch(
        new Effect.Dispatch(
            strand.id,
            strand.epoch,
            task.name(),
            task.resource(),
            resource.functionName(arguments),
            strand.retryCount,
            deadline,
            heartbeat.value,
            resource.hasToken() ? step.token(strand) : null,
            credentials,
            input));
    if (deadline != null) {
      step.schedule(strand, TimerKey.Purpose.TASK_TIMEOUT, deadline);
    }
    if (heartbeatDue != null) {
      step.schedule(strand, TimerKey.Purpose.HEARTBEAT, heartbeatDue);
    }
  }

  /**
   * A worker takes the task of an activity.
   *
   * @return false: it is not there to be taken, or was taken before
   */
  static boolean taken(Step step, long frameId, int epoch, @Nullable String workerName) {
    Strand strand = step.strand(frameId);
    if (strand == null
        || strand.epoch != epoch
        || !(strand.awaits instanceof Awaits.Task waited)
        || waited.offeredMillis() == null) {
      return false;
    }
    Awaits.Task taken = waited.taken(step.now());
    strand.awaits = taken;
    TaskEvents.activityStarted(step, strand, workerName);
    if (taken.heartbeatDueMillis() != null) {
      step.schedule(strand, TimerKey.Purpose.HEARTBEAT, taken.heartbeatDueMillis());
    }
    return true;
  }

  private static EvaluationError noRole(State.Task task, Object credentials) {
    return new EvaluationError(
        task.queryLanguage() == QueryLanguage.JSONATA
            ? "States.QueryEvaluationError"
            : Failure.RUNTIME,
        "The field 'Credentials' must be an object whose 'RoleArn' is a string, but was: %s"
            .formatted(Json.encode(credentials)),
        "Credentials");
  }

  private record Seconds(@Nullable Integer value, @Nullable EvaluationError error) {}

  private static Seconds seconds(
      State.Task task, @Nullable Expression field, String name, Scope scope) {
    if (field == null) {
      return new Seconds(null, null);
    }
    return switch (field.evaluate(scope)) {
      case Evaluation.Failed failed -> new Seconds(null, failed.error());
      case Evaluation.Value(Object value) -> {
        if (!TypeErrors.isInteger(value)) {
          yield new Seconds(
              null, TypeErrors.unexpected(field, task.queryLanguage(), name, "integer", value));
        }
        long seconds = ((Number) value).longValue();
        yield seconds < 1 || seconds > MAX_SECONDS
            ? new Seconds(
                null,
                TypeErrors.outOfRange(field, task.queryLanguage(), name, 1, MAX_SECONDS, value))
            : new Seconds((int) seconds, null);
      }
    };
  }

  static void succeeded(
      Interpreter interpreter, Step step, Strand strand, State.Task task, byte[] output) {
    if (step.tooLarge(output)) {
      failed(
          interpreter,
          step,
          strand,
          task,
          Interpreter.dataLimitExceeded(TaskResource.of(task.resource()).shortName()));
      return;
    }
    switch (step.payload.decode(output)) {
      case Decoded.Malformed malformed ->
          failed(
              interpreter,
              step,
              strand,
              task,
              Failure.of(
                  Failure.RUNTIME,
                  "The output of the task is not valid JSON: %s (line %d, column %d)."
                      .formatted(malformed.message(), malformed.line(), malformed.column())));
      case Decoded.Tree(Object result) -> {
        step.cancelFarTimers(strand);
        TaskEvents.succeeded(step, strand, TaskResource.of(task.resource()), output);
        step.show(Inspection.Stage.RESULT, result);
        interpreter.complete(strand, task.data(), result, null, task.transition());
      }
    }
  }

  static void failed(
      Interpreter interpreter, Step step, Strand strand, State.Task task, Failure failure) {
    step.cancelFarTimers(strand);
    TaskEvents.failed(step, strand, TaskResource.of(task.resource()), failure);
    interpreter.fail(strand, failure);
  }

  /**
   * The deadline of a task has passed, and maybe that of others which run side by side with it. AWS
   * tells all of these timeouts before what follows from the first one, which may end the others;
   * theirs would never be told if each waited for its own timer. The caller lets the strand go on.
   */
  static void deadlinePassed(Interpreter interpreter, Step step, Strand strand) {
    Failure failure = new Failure(Failure.TIMEOUT, null, false);
    List<Strand> others =
        interpreter.besides(strand).stream().filter(o -> isLate(step, o)).toList();
    List<Strand> late = new ArrayList<>(List.of(strand));
    late.addAll(others);
    for (Strand each : late) {
      TaskEvents.timedOut(
          step, each, TaskResource.of(((State.Task) each.state).resource()), failure);
    }
    for (Strand each : late) {
      if (!each.gone && !step.closed()) {
        SubmittedJob.stop(step, each);
        NestedExecution.stop(step, each);
        each.awaits = null;
        interpreter.fail(each, failure);
      }
    }
    others.reversed().forEach(step::resumeIfReady);
  }

  private static boolean isLate(Step step, Strand strand) {
    return strand.awaits instanceof Awaits.Task waited
        && waited.timeoutMillis() != null
        && waited.timeoutMillis() <= step.now();
  }

  /**
   * The heartbeat timer does not move with each beat: when it fires it looks at the last beat and
   * re-arms itself.
   */
  static void heartbeatDue(
      Interpreter interpreter, Step step, Strand strand, State.Task task, Awaits.Task waited) {
    Integer seconds = waited.heartbeatSeconds();
    if (seconds == null) {
      return;
    }
    long due = waited.lastHeartbeatMillis() + seconds * 1000L;
    if (due > step.now()) {
      strand.awaits = waited.withHeartbeatDue(due);
      step.schedule(strand, TimerKey.Purpose.HEARTBEAT, due);
    } else {
      SubmittedJob.stop(step, strand);
      NestedExecution.stop(step, strand);
      strand.awaits = null;
      step.cancelFarTimers(strand);
      Failure failure = new Failure(Failure.TIMEOUT, null, true);
      TaskEvents.timedOut(step, strand, TaskResource.of(task.resource()), failure);
      interpreter.fail(strand, failure);
    }
  }
}
