package io.stepstream.coordinator.node;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.StopPolling;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.SealProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits for a task of an activity.
 *
 * <pre>
 *   poll ──> offered ──> take, at the execution's writer ──┬─> the caller has it
 *    ^  └─ says so again while it waits                    │
 *    └──────────────── somebody else has it, it is over ───┘
 * </pre>
 *
 * <p>Two partitions have a say: the activity's, which knows what waits and offers it, and the
 * execution's, which decides who gets it.
 */
final class ActivityCall {

  /** The activity's partition may have moved and forgotten the call. */
  private static final Duration SAID_AGAIN = Duration.ofSeconds(5);

  /** How long the activity's partition believes in a call that says nothing. */
  private static final Duration BELIEVED = Duration.ofSeconds(12);

  /**
   * After that the execution's writer leaves the task to others. Its answer is waited for longer
   * ({@link ActivityTasks#LONGEST_TAKE}), by as much as a commit takes and clocks differ: who gave
   * up before would leave a task that is taken to nobody, until its timeout.
   */
  private static final Duration TAKEN_WITHIN = ActivityTasks.LONGEST_TAKE.minusSeconds(5);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final ActivityPoll NOTHING = new ActivityPoll.Nothing();

  private final KafkaExecutions executions;
  private final PendingReplies replies;
  private final Clock clock;
  private final String activityArn;
  private final @Nullable String workerName;
  private final long endNanos;
  private final CompletableFuture<ActivityPoll> outcome = new CompletableFuture<>();

  ActivityCall(
      KafkaExecutions executions,
      PendingReplies replies,
      Clock clock,
      String activityArn,
      @Nullable String workerName,
      Duration wait) {
    this.executions = executions;
    this.replies = replies;
    this.clock = clock;
    this.activityArn = activityArn;
    this.workerName = workerName;
    this.endNanos = System.nanoTime() + wait.toNanos();
  }

  CompletionStage<ActivityPoll> begin(CompletionStage<?> gone) {
    gone.whenComplete((_, _) -> outcome.complete(NOTHING));
    poll();
    return outcome;
  }

  private Duration left() {
    return Duration.ofNanos(endNanos - System.nanoTime());
  }

  private void poll() {
    Duration left = left();
    if (left.toMillis() <= 0) {
      outcome.complete(NOTHING);
      return;
    }
    PendingReplies.Call call;
    try {
      call = replies.openIdle(left);
    } catch (Unavailable e) {
      outcome.completeExceptionally(e);
      return;
    }
    call.reply().whenComplete((reply, failure) -> replied(call, reply, failure));
    // Whoever waits no more must not be offered anything.
    outcome.whenComplete(
        (_, _) -> {
          if (!call.reply().isDone()) {
            stop(call);
          }
        });
    sayThatItWaits(call);
  }

  private void sayThatItWaits(PendingReplies.Call call) {
    if (outcome.isDone() || call.reply().isDone()) {
      return;
    }
    long wait = Math.clamp(left().toMillis(), 0, BELIEVED.toMillis());
    executions
        .tell(activityArn, call.replyTo(), new PollActivity((int) wait))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                outcome.completeExceptionally(KafkaExecutions.cause(failure));
              }
            });
    Executor later =
        CompletableFuture.delayedExecutor(SAID_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(() -> sayThatItWaits(call));
  }

  private void replied(
      PendingReplies.Call call, @Nullable Reply reply, @Nullable Throwable failure) {
    if (failure != null) {
      if (outcome.isDone()) {
        return; // it was told so then
      }
      stop(call);
      if (KafkaExecutions.cause(failure) instanceof TimeoutException) {
        outcome.complete(NOTHING);
      } else {
        outcome.completeExceptionally(failure);
      }
      return;
    }
    switch (reply) {
      case Reply.TaskOffered(OfferedTask task) -> {
        SealProblem problem = executions.seals().open(task, task.getExecutionArn());
        if (outcome.isDone()) {
          stop(call);
        } else if (problem != null) {
          // Not taken, so that a node which has the key may give it to its caller.
          stop(call);
          outcome.completeExceptionally(new KeyUnavailableException(problem.reason()));
        } else {
          take(task);
        }
      }
      case Reply.TooManyPoll() -> outcome.complete(new ActivityPoll.TooManyWorkers());
      case Reply.Refused(String reason) ->
          outcome.completeExceptionally(new Unavailable(reason, RETRY_AFTER));
      case null, default ->
          outcome.completeExceptionally(
              new IllegalStateException("a poll was answered by " + reply));
    }
  }

  private void take(OfferedTask task) {
    TakeTask take =
        new TakeTask(
            activityArn,
            task.getOfferedAt(),
            workerName,
            clock.instant().plus(TAKEN_WITHIN).truncatedTo(ChronoUnit.MILLIS));
    executions
        .ask(
            new TaskToken(task.getExecutionArn(), task.getFrameId(), task.getEpoch()),
            take,
            ActivityTasks.LONGEST_TAKE)
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                outcome.completeExceptionally(KafkaExecutions.cause(failure));
                return;
              }
              switch (reply) {
                case Reply.TaskAccepted() ->
                    outcome.complete(
                        new ActivityPoll.Task(
                            task.getTaskToken(), Payloads.bytes(task.getInput())));
                case Reply.TaskOver(), Reply.NoSuchExecution(), Reply.AlreadyEnded _ -> poll();
                case Reply.Refused(String reason) ->
                    outcome.completeExceptionally(new Unavailable(reason, RETRY_AFTER));
                default -> outcome.completeExceptionally(KafkaExecutions.unexpected(reply));
              }
            });
  }

  /** What was or is being offered to the call goes to the next. */
  private void stop(PendingReplies.Call call) {
    replies.giveUp(call);
    // Nobody waits for this to arrive: an offer to nobody is taken back after a while anyway.
    executions.tell(activityArn, call.replyTo(), new StopPolling(false));
  }
}
