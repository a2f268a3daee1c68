package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.MapRunChange;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.execution.MapRuns;
import java.util.concurrent.CompletionStage;

/** Changes a Map run while it is under way. */
final class UpdateMapRun implements Action {

  private final MapRuns mapRuns;

  UpdateMapRun(MapRuns mapRuns) {
    this.mapRuns = mapRuns;
  }

  @Override
  public String name() {
    return "UpdateMapRun";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.mapRun(call.required("mapRunArn"))
        .then(arn -> mapRuns.update(arn, change(call)).thenApply(outcome -> answer(arn, outcome)));
  }

  private static MapRunChange change(Call call) {
    Number concurrency = call.number("maxConcurrency");
    Number count = call.number("toleratedFailureCount");
    Number percentage = call.number("toleratedFailurePercentage");
    return new MapRunChange(
        concurrency == null ? null : concurrency.intValue(),
        count == null ? null : count.longValue(),
        percentage == null ? null : percentage.doubleValue());
  }

  private static Answer answer(String arn, MapRunUpdate outcome) {
    return switch (outcome) {
      case UPDATED -> Answer.success(_ -> {});
      case NO_SUCH_MAP_RUN -> Refusals.resourceNotFound(arn);
      case ENDED ->
          Refusals.validation(
              "The Map Run has ended and can't be updated: '" + arn + "'",
              "CANNOT_UPDATE_COMPLETED_MAP_RUN");
    };
  }
}
