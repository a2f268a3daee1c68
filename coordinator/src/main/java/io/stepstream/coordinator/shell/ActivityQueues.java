package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.store.ActivityRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.StopPolling;
import io.stepstream.schemas.WithdrawTask;
import io.stepstream.schemas.topic.ExecutionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The activities whose ARNs lead to one partition, each with its queue (ADR 0026). A queue that
 * nobody polls costs nothing but its rows.
 *
 * <p>Not thread safe: one per partition.
 */
final class ActivityQueues {

  private final ActivityRows rows;
  private final Answers answers;
  private final LongSupplier clock;
  private final Map<String, ActivityQueue> queues = new HashMap<>();

  /**
   * @param clock the partition's, which never goes back
   */
  ActivityQueues(ActivityRows rows, Answers answers, LongSupplier clock) {
    this.rows = rows;
    this.answers = answers;
    this.clock = clock;
  }

  /** Whether a command is for an activity: its executionArn is the activity's ARN. */
  static boolean isFor(Object body) {
    return body instanceof OfferedTask
        || body instanceof WithdrawTask
        || body instanceof PollActivity
        || body instanceof StopPolling;
  }

  void take(ExecutionKey activity, Envelope envelope) {
    ActivityQueue queue =
        queues.computeIfAbsent(activity.arn(), _ -> new ActivityQueue(activity, rows, answers));
    long now = clock.getAsLong();
    switch (envelope.getBody()) {
      case OfferedTask task -> queue.offered(task, now);
      case WithdrawTask task ->
          queue.withdrawn(
              task.getExecutionArn(),
              task.getFrameId(),
              task.getEpoch(),
              task.getOfferedAt().toEpochMilli(),
              now);
      case PollActivity poll -> queue.polled(caller(envelope), poll.getWaitMillis(), now);
      case StopPolling _ -> queue.stopped(caller(envelope), now);
      default -> throw new IllegalArgumentException("a command for something else");
    }
  }

  private static ReplyTo caller(Envelope envelope) {
    return Objects.requireNonNull(envelope.getReplyTo(), "checked before");
  }

  /** Called now and then, so that memory holds the queues in use only. */
  void forgetIdle() {
    long now = clock.getAsLong();
    queues.values().removeIf(queue -> queue.isIdle(now));
  }
}
