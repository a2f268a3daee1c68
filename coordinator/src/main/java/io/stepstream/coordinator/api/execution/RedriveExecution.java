package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.RedriveOutcome;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Lets a Standard execution that has failed, was aborted or has timed out go on there. */
final class RedriveExecution implements Action {

  private final Executions executions;

  RedriveExecution(Executions executions) {
    this.executions = executions;
  }

  @Override
  public String name() {
    return "RedriveExecution";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.standardExecution(call.required("executionArn"))
        .then(
            arn ->
                executions
                    .redrive(arn, call.text("clientToken"))
                    .thenApply(outcome -> answer(arn, outcome)));
  }

  private static Answer answer(String arn, RedriveOutcome outcome) {
    return switch (outcome) {
      case RedriveOutcome.Redriven(Instant redriveDate) ->
          Answer.success(json -> json.time("redriveDate", redriveDate));
      case RedriveOutcome.NotRedrivable(String reason) -> Refusals.executionNotRedrivable(reason);
      case RedriveOutcome.NoSuchExecution _ -> Refusals.executionDoesNotExist(arn);
    };
  }
}
