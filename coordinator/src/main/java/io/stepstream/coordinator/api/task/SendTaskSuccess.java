package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.PayloadText;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Tasks;
import java.util.concurrent.CompletionStage;

/** Ends a task with its output. The first answer to an attempt counts. */
final class SendTaskSuccess implements Action {

  private final Tasks tasks;
  private final TaskTokens tokens;

  SendTaskSuccess(Tasks tasks, TaskTokens tokens) {
    this.tasks = tasks;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "SendTaskSuccess";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Token.of(call, tokens)
        .then(
            task ->
                PayloadText.check(call.required("output"), "output", Refusals::invalidOutput)
                    .then(output -> tasks.succeed(task, output).thenApply(Token::answer)));
  }
}
