package io.stepstream.coordinator.execution;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The tasks of activities, for workers that ask for them. */
public interface ActivityTasks {

  /**
   * Waits for a task and takes it. Fails with {@link Unavailable} in an outage, never otherwise.
   *
   * @param workerName told in the history of the execution
   * @param wait how long at most
   * @param gone completes when whoever asks waits no more, so that a task is not given to nobody
   */
  CompletionStage<ActivityPoll> poll(
      String activityArn, @Nullable String workerName, Duration wait, CompletionStage<?> gone);
}
