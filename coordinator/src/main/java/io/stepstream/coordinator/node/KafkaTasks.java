package io.stepstream.coordinator.node;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.coordinator.execution.TaskOutcome;
import io.stepstream.coordinator.execution.Tasks;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tasks over Kafka: the single writer of the execution's partition answers for them. */
final class KafkaTasks implements Tasks {

  private final KafkaExecutions executions;

  KafkaTasks(KafkaExecutions executions) {
    this.executions = executions;
  }

  @Override
  public CompletionStage<TaskOutcome> succeed(TaskToken task, byte[] output) {
    return say(task, new TaskSucceeded(Payloads.of(output)));
  }

  @Override
  public CompletionStage<TaskOutcome> fail(
      TaskToken task, @Nullable String error, @Nullable String cause) {
    return say(task, new TaskFailed(error, cause));
  }

  @Override
  public CompletionStage<TaskOutcome> beat(TaskToken task) {
    return say(task, new TaskHeartbeat(null));
  }

  private CompletionStage<TaskOutcome> say(TaskToken task, Object body) {
    return executions
        .ask(task, body)
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.TaskAccepted() -> TaskOutcome.ACCEPTED;
                  case Reply.TaskOver(), Reply.AlreadyEnded _ -> TaskOutcome.OVER;
                  case Reply.NoSuchExecution() -> TaskOutcome.NO_SUCH_TASK;
                  case Reply.Refused(String reason) ->
                      throw new Unavailable(reason, Duration.ofSeconds(1));
                  default -> throw KafkaExecutions.unexpected(reply);
                });
  }
}
