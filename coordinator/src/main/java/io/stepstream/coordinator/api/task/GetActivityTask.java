package io.stepstream.coordinator.api.task;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.ActivityTasks;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Gives a worker a task of its activity, or after a long wait the answer that there is none. */
final class GetActivityTask implements Action {

  /** The call tells of an outage itself, before it is cut off. */
  private static final Duration BEYOND_THE_WAIT = ActivityTasks.LONGEST_TAKE.plusSeconds(5);

  private final ActivityTasks tasks;
  private final ActivityDefinitions activities;
  private final Duration longestWait;

  GetActivityTask(ActivityTasks tasks, ActivityDefinitions activities, Duration longestWait) {
    this.tasks = tasks;
    this.activities = activities;
    this.longestWait = longestWait;
  }

  @Override
  public String name() {
    return "GetActivityTask";
  }

  @Override
  public Duration patience() {
    return longestWait.plus(BEYOND_THE_WAIT);
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.activity(call.required("activityArn"))
        .then(
            arn ->
                activities
                    .describe(arn)
                    .thenCompose(
                        found ->
                            found.isEmpty()
                                ? Refusals.activityDoesNotExist(arn).now()
                                : tasks
                                    .poll(arn, call.text("workerName"), longestWait, call.gone())
                                    .thenApply(poll -> answer(arn, poll))));
  }

  private static Answer answer(String arn, ActivityPoll poll) {
    return switch (poll) {
      case ActivityPoll.Task(String token, byte[] input) ->
          Answer.success(json -> json.text("taskToken", token).payload("input", input));
      case ActivityPoll.Nothing() -> Answer.success(_ -> {});
      case ActivityPoll.TooManyWorkers() -> Refusals.activityWorkerLimitExceeded(arn);
    };
  }
}
