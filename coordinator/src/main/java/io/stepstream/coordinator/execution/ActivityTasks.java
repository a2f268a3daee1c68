package io.stepstream.coordinator.execution;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The tasks of activities, for workers that ask for them. */
public interface ActivityTasks {

  /** How much longer than the wait an answer may take: what is offered last has yet to be taken. */
  Duration LONGEST_TAKE = Duration.ofSeconds(20);

  /**
   * Waits for a task and takes it, which may take {@link #LONGEST_TAKE} more. Fails with {@link
   * Unavailable} in an outage, never otherwise.
   *
   * @param workerName told in the history of the execution
   * @param wait how long at most
   * @param gone completes when whoever asks waits no more, so that a task is not given to nobody
   */
  CompletionStage<ActivityPoll> poll(
      String activityArn, @Nullable String workerName, Duration wait, CompletionStage<?> gone);
}
