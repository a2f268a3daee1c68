package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.StopOutcome;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Aborts a Standard execution. To stop one that has ended is no error: AWS tells when it ended. */
final class StopExecution implements Action {

  private final Executions executions;

  StopExecution(Executions executions) {
    this.executions = executions;
  }

  @Override
  public String name() {
    return "StopExecution";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.standardExecution(call.required("executionArn"))
        .then(
            arn ->
                executions
                    .stop(arn, call.text("error"), call.text("cause"))
                    .thenApply(outcome -> answer(arn, outcome)));
  }

  private static Answer answer(String arn, StopOutcome outcome) {
    return switch (outcome) {
      case StopOutcome.Stopped(Instant stopDate) -> stopped(stopDate);
      case StopOutcome.AlreadyEnded(Instant stopDate) -> stopped(stopDate);
      case StopOutcome.NoSuchExecution _ -> Refusals.executionDoesNotExist(arn);
    };
  }

  private static Answer stopped(Instant stopDate) {
    return Answer.success(json -> json.time("stopDate", stopDate));
  }
}
