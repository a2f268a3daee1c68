package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.Tasks;
import java.time.Duration;
import java.util.List;

/** The actions of this package. */
public final class TaskActions {

  private TaskActions() {}

  /**
   * @param longestWait for a task of an activity
   */
  public static List<Action> all(
      Tasks tasks,
      TaskTokens tokens,
      ActivityTasks activityTasks,
      ActivityDefinitions activities,
      Duration longestWait) {
    return List.of(
        new SendTaskSuccess(tasks, tokens),
        new SendTaskFailure(tasks, tokens),
        new SendTaskHeartbeat(tasks, tokens),
        new GetActivityTask(activityTasks, activities, longestWait));
  }
}
