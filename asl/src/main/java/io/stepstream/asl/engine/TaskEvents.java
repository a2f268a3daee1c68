package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import org.jspecify.annotations.Nullable;

/** The history events of a task attempt; AWS has three families of them. */
final class TaskEvents {

  private TaskEvents() {}

  /** AWS tells that a task has started when it is handed over, {@link #started}. */
  static void scheduled(
      Step step,
      Strand strand,
      TaskResource resource,
      byte[] input,
      @Nullable Integer timeout,
      @Nullable Integer heartbeat,
      @Nullable String credentials) {
    switch (resource) {
      case TaskResource.Function(String arn) ->
          step.emit(
              strand,
              HistoryEventType.LAMBDA_FUNCTION_SCHEDULED,
              new HistoryDetails.FunctionScheduled(arn, input, timeout, heartbeat, credentials));
      case TaskResource.Activity(String arn) ->
          step.emit(
              strand,
              HistoryEventType.ACTIVITY_SCHEDULED,
              new HistoryDetails.FunctionScheduled(arn, input, timeout, heartbeat, null));
      case TaskResource.Service(String type, String action) ->
          step.emit(
              strand,
              HistoryEventType.TASK_SCHEDULED,
              new HistoryDetails.TaskScheduled(
                  type, action, step.context.region(), input, timeout, heartbeat, credentials));
    }
    step.attempted(strand, resource, Effect.Attempted.Stage.SCHEDULED);
  }

  /** An activity starts when a worker takes it. */
  static void started(Step step, Strand strand, TaskResource resource) {
    switch (resource) {
      case TaskResource.Function _ ->
          step.emit(strand, HistoryEventType.LAMBDA_FUNCTION_STARTED, HistoryDetails.None.INSTANCE);
      case TaskResource.Activity _ -> {
        return;
      }
      case TaskResource.Service(String type, String action) ->
          step.emit(
              strand, HistoryEventType.TASK_STARTED, new HistoryDetails.TaskStarted(type, action));
    }
    step.attempted(strand, resource, Effect.Attempted.Stage.STARTED);
  }

  static void activityStarted(Step step, Strand strand, @Nullable String workerName) {
    step.emit(
        strand, HistoryEventType.ACTIVITY_STARTED, new HistoryDetails.ActivityStarted(workerName));
    TaskResource resource = TaskResource.of(((State.Task) strand.state).resource());
    step.attempted(strand, resource, Effect.Attempted.Stage.STARTED);
  }

  /** Other tasks end with the service's response and tell it then. */
  static void submitted(Step step, Strand strand, State.Task task, byte[] output) {
    TaskResource resource = TaskResource.of(task.resource());
    if (resource.isSubmitted() && resource instanceof TaskResource.Service(var type, var action)) {
      step.emit(
          strand,
          HistoryEventType.TASK_SUBMITTED,
          new HistoryDetails.TaskSucceeded(type, action, output));
    }
  }

  static void succeeded(Step step, Strand strand, TaskResource resource, byte[] output) {
    switch (resource) {
      case TaskResource.Function _ ->
          step.emit(
              strand,
              HistoryEventType.LAMBDA_FUNCTION_SUCCEEDED,
              new HistoryDetails.FunctionSucceeded(output));
      case TaskResource.Activity _ ->
          step.emit(
              strand,
              HistoryEventType.ACTIVITY_SUCCEEDED,
              new HistoryDetails.FunctionSucceeded(output));
      case TaskResource.Service(String type, String action) ->
          step.emit(
              strand,
              HistoryEventType.TASK_SUCCEEDED,
              new HistoryDetails.TaskSucceeded(type, action, output));
    }
    step.attempted(strand, resource, Effect.Attempted.Stage.SUCCEEDED);
  }

  static void failed(Step step, Strand strand, TaskResource resource, Failure failure) {
    ended(
        step,
        strand,
        resource,
        failure,
        HistoryEventType.LAMBDA_FUNCTION_FAILED,
        HistoryEventType.ACTIVITY_FAILED,
        HistoryEventType.TASK_FAILED);
    step.attempted(strand, resource, Effect.Attempted.Stage.FAILED);
  }

  static void timedOut(Step step, Strand strand, TaskResource resource, Failure failure) {
    ended(
        step,
        strand,
        resource,
        failure,
        HistoryEventType.LAMBDA_FUNCTION_TIMED_OUT,
        HistoryEventType.ACTIVITY_TIMED_OUT,
        HistoryEventType.TASK_TIMED_OUT);
    step.attempted(
        strand,
        resource,
        failure.missedHeartbeat()
            ? Effect.Attempted.Stage.HEARTBEAT_TIMED_OUT
            : Effect.Attempted.Stage.TIMED_OUT);
  }

  private static void ended(
      Step step,
      Strand strand,
      TaskResource resource,
      Failure failure,
      HistoryEventType ofFunction,
      HistoryEventType ofActivity,
      HistoryEventType ofTask) {
    HistoryDetails plain = new HistoryDetails.Failure(failure.error(), failure.cause());
    switch (resource) {
      case TaskResource.Function _ -> step.emit(strand, ofFunction, plain);
      case TaskResource.Activity _ -> step.emit(strand, ofActivity, plain);
      case TaskResource.Service(String type, String action) ->
          step.emit(
              strand,
              ofTask,
              new HistoryDetails.TaskFailed(type, action, failure.error(), failure.cause()));
    }
  }
}
