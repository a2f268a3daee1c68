package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.StartOutcome;
import java.util.concurrent.CompletionStage;

/** Starts an execution of either type. */
final class StartExecution implements Action {

  private final Starts starts;
  private final Executions executions;

  StartExecution(Starts starts, Executions executions) {
    this.starts = starts;
    this.executions = executions;
  }

  @Override
  public String name() {
    return "StartExecution";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return starts.check(
        call, request -> executions.start(request).thenApply(StartExecution::answer));
  }

  private static Answer answer(StartOutcome outcome) {
    return switch (outcome) {
      case StartOutcome.Started started ->
          Answer.success(
              json ->
                  json.text("executionArn", started.executionArn())
                      .time("startDate", started.startDate()));
      case StartOutcome.AlreadyExists exists ->
          Refusals.executionAlreadyExists(exists.executionArn());
      case StartOutcome.Throttled _ -> Refusals.throttled();
    };
  }
}
