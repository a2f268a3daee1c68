package io.stepstream.coordinator.execution;

import io.stepstream.asl.engine.TaskToken;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that a test opens and whoever has their token ends, and activities that a test gives tasks
 * to. No execution goes on by it.
 */
public final class InMemoryTasks implements Tasks, ActivityTasks {

  /** Open tasks, and what was said last of each. */
  private final Map<TaskToken, String> said = new ConcurrentHashMap<>();

  private final Map<TaskToken, Boolean> ended = new ConcurrentHashMap<>();

  /** Workers that wait, by activity. */
  private final Map<String, CompletableFuture<ActivityPoll>> waiting = new ConcurrentHashMap<>();

  private volatile @Nullable String lastWorker;
  private volatile @Nullable RuntimeException outage;

  /** There is such a task from now on. */
  public void open(TaskToken task) {
    said.put(task, "");
    ended.put(task, false);
  }

  /** What was said last of a task. */
  public @Nullable String saidOf(TaskToken task) {
    return said.get(task);
  }

  /** From now on every call fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public CompletionStage<TaskOutcome> succeed(TaskToken task, byte[] output) {
    return say(task, true, "output " + new String(output, java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public CompletionStage<TaskOutcome> fail(
      TaskToken task, @Nullable String error, @Nullable String cause) {
    return say(task, true, "error %s, cause %s".formatted(error, cause));
  }

  @Override
  public CompletionStage<TaskOutcome> beat(TaskToken task) {
    return say(task, false, "alive");
  }

  private CompletionStage<TaskOutcome> say(TaskToken task, boolean end, String what) {
    RuntimeException failure = outage;
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    Boolean over = ended.get(task);
    if (over == null) {
      return CompletableFuture.completedFuture(TaskOutcome.NO_SUCH_TASK);
    }
    if (over) {
      return CompletableFuture.completedFuture(TaskOutcome.OVER);
    }
    said.put(task, what);
    ended.put(task, end);
    return CompletableFuture.completedFuture(TaskOutcome.ACCEPTED);
  }

  /** Answers the worker that waits for a task of the activity, or the next one that comes. */
  public void answer(String activityArn, ActivityPoll poll) {
    waitingFor(activityArn).complete(poll);
  }

  /** Whether somebody waits, or something is there for the next one. */
  public boolean isPolled(String activityArn) {
    CompletableFuture<ActivityPoll> call = waiting.get(activityArn);
    return call != null && !call.isDone();
  }

  public @Nullable String lastWorker() {
    return lastWorker;
  }

  private CompletableFuture<ActivityPoll> waitingFor(String activityArn) {
    return waiting.computeIfAbsent(activityArn, _ -> new CompletableFuture<>());
  }

  @Override
  public CompletionStage<ActivityPoll> poll(
      String activityArn, @Nullable String workerName, Duration wait, CompletionStage<?> gone) {
    RuntimeException failure = outage;
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    lastWorker = workerName;
    CompletableFuture<ActivityPoll> call = waitingFor(activityArn);
    gone.whenComplete((_, _) -> call.complete(new ActivityPoll.Nothing()));
    return call.completeOnTimeout(
            new ActivityPoll.Nothing(), wait.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiting.remove(activityArn, call));
  }
}
