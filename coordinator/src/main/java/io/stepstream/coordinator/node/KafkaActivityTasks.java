package io.stepstream.coordinator.node;

import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.reply.PendingReplies;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The tasks of activities over Kafka; see {@link ActivityCall}. */
final class KafkaActivityTasks implements ActivityTasks {

  private final KafkaExecutions executions;
  private final PendingReplies replies;
  private final Clock clock;

  KafkaActivityTasks(KafkaExecutions executions, PendingReplies replies, Clock clock) {
    this.executions = executions;
    this.replies = replies;
    this.clock = clock;
  }

  @Override
  public CompletionStage<ActivityPoll> poll(
      String activityArn, @Nullable String workerName, Duration wait, CompletionStage<?> gone) {
    return new ActivityCall(executions, replies, clock, activityArn, workerName, wait).begin(gone);
  }
}
