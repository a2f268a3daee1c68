package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.schemas.MapRunCounts;
import java.util.concurrent.CompletionStage;

/** Tells how far a Map run has come, and how it ended. */
final class DescribeMapRun implements Action {

  private final MapRuns mapRuns;

  DescribeMapRun(MapRuns mapRuns) {
    this.mapRuns = mapRuns;
  }

  @Override
  public String name() {
    return "DescribeMapRun";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.mapRun(call.required("mapRunArn"))
        .then(
            arn ->
                mapRuns
                    .describe(arn)
                    .thenApply(
                        found ->
                            found
                                .<Answer>map(run -> Answer.success(json -> write(json, run)))
                                .orElseGet(() -> Refusals.resourceNotFound(arn))));
  }

  private static void write(JsonMembers json, MapRunDescription run) {
    json.text("mapRunArn", run.mapRunArn())
        .text("executionArn", run.executionArn())
        .text("status", run.status().name())
        .time("startDate", run.startDate())
        .time("stopDate", run.stopDate())
        .number("maxConcurrency", run.maxConcurrency())
        .decimal("toleratedFailurePercentage", run.toleratedFailurePercentage())
        .number("toleratedFailureCount", run.toleratedFailureCount())
        .object("itemCounts", counts -> write(counts, run.items(), run.redrivable()))
        .object("executionCounts", counts -> write(counts, run.children(), run.redrivable()))
        .number("redriveCount", run.redriveCount())
        .time("redriveDate", run.redriveDate());
  }

  private static void write(JsonMembers json, MapRunCounts counts, boolean redrivable) {
    json.number("pending", counts.getPending())
        .number("running", counts.getRunning())
        .number("succeeded", counts.getSucceeded())
        .number("failed", counts.getFailed())
        .number("timedOut", counts.getTimedOut())
        .number("aborted", counts.getAborted())
        .number("total", counts.getTotal())
        .number("resultsWritten", counts.getResultsWritten())
        .number("failuresNotRedrivable", redrivable ? 0 : unsuccessful(counts))
        .number("pendingRedrive", counts.getPendingRedrive());
  }

  private static long unsuccessful(MapRunCounts counts) {
    return counts.getFailed() + counts.getTimedOut() + counts.getAborted();
  }
}
