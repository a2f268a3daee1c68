package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.TaskOutcome;

/** The parameter {@code taskToken}, and what callers are told of its task. */
final class Token {

  private Token() {}

  static Checked<TaskToken> of(Call call, TaskTokens tokens) {
    TaskToken token = tokens.verify(call.required("taskToken"));
    return token == null
        ? new Invalid<>(Refusals.invalidToken("Invalid token"))
        : new Valid<>(token);
  }

  static Answer answer(TaskOutcome outcome) {
    return switch (outcome) {
      case ACCEPTED -> Answer.success(_ -> {});
      case OVER -> Refusals.taskTimedOut();
      case NO_SUCH_TASK -> Refusals.taskDoesNotExist();
    };
  }
}
