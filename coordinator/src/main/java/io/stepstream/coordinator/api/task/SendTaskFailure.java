package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.execution.Tasks;
import java.util.concurrent.CompletionStage;

/**
 * Ends a task with an error, on which Retry and Catch of its state decide. Neither part is
 * required.
 */
final class SendTaskFailure implements Action {

  private final Tasks tasks;
  private final TaskTokens tokens;

  SendTaskFailure(Tasks tasks, TaskTokens tokens) {
    this.tasks = tasks;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "SendTaskFailure";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Token.of(call, tokens)
        .then(
            task ->
                tasks.fail(task, call.text("error"), call.text("cause")).thenApply(Token::answer));
  }
}
