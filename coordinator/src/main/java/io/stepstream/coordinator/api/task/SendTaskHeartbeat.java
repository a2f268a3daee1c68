package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.execution.Tasks;
import java.util.concurrent.CompletionStage;

/** Tells that a task makes progress, which begins its HeartbeatSeconds anew. */
final class SendTaskHeartbeat implements Action {

  private final Tasks tasks;
  private final TaskTokens tokens;

  SendTaskHeartbeat(Tasks tasks, TaskTokens tokens) {
    this.tasks = tasks;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "SendTaskHeartbeat";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Token.of(call, tokens).then(task -> tasks.beat(task).thenApply(Token::answer));
  }
}
