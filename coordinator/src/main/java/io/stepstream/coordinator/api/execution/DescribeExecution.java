package io.stepstream.coordinator.api.execution;

import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.store.ExecutionRows;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells all but its history about a Standard execution or an Express child of a Map run. */
final class DescribeExecution implements Action {

  private final PayloadReader reader;
  private final Executions executions;
  private final ExpressChildren expressChildren;
  private final MapRuns mapRuns;
  private final Clock clock;

  DescribeExecution(
      Executions executions,
      ExpressChildren expressChildren,
      MapRuns mapRuns,
      PayloadReader reader,
      Clock clock) {
    this.reader = reader;
    this.executions = executions;
    this.expressChildren = expressChildren;
    this.mapRuns = mapRuns;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "DescribeExecution";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.describedExecution(call.required("executionArn"))
        .then(arn -> describe(arn, !call.metadataOnly()));
  }

  private CompletionStage<Answer> describe(String arn, boolean payloads) {
    return find(arn)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? Refusals.executionDoesNotExist(arn).now()
                    : answer(reader.read(found.get(), payloads), payloads));
  }

  private CompletionStage<Optional<ExecutionDescription>> find(String arn) {
    return Arns.isExpressChild(arn) ? expressChildren.describe(arn) : executions.describe(arn);
  }

  private CompletionStage<Answer> answer(ExecutionDescription execution, boolean payloads) {
    return pending(execution)
        .thenApply(pending -> Answer.success(json -> write(json, execution, pending, payloads)));
  }

  /** Only the Map run knows whether it is being redriven. */
  private CompletionStage<PendingRedrive> pending(ExecutionDescription execution) {
    String mapRun = execution.mapRunArn();
    return mapRun == null || !PendingRedrive.UNSUCCESSFUL.contains(execution.status())
        ? CompletableFuture.completedFuture(PendingRedrive.NONE)
        : mapRuns
            .describe(mapRun)
            .thenApply(run -> run.map(PendingRedrive::of).orElse(PendingRedrive.NONE));
  }

  private void write(
      JsonMembers json, ExecutionDescription execution, PendingRedrive pending, boolean payloads) {
    json.text("executionArn", execution.executionArn())
        .text("stateMachineArn", execution.stateMachineArn())
        .text("name", execution.name())
        .text("status", pending.status(execution.status(), execution.stopDate()))
        .time("startDate", execution.startDate())
        .time("stopDate", execution.stopDate())
        .text("error", execution.error())
        .text("cause", execution.cause())
        .text("traceHeader", execution.traceHeader())
        .text("mapRunArn", execution.mapRunArn())
        .text("stateMachineVersionArn", execution.stateMachineVersionArn())
        .text("stateMachineAliasArn", execution.stateMachineAliasArn());
    if (payloads) {
      json.payload("input", execution.input()).payload("output", execution.output());
    }
    json.object("inputDetails", details -> details.flag("included", payloads));
    if (execution.output() != null) {
      json.object("outputDetails", details -> details.flag("included", payloads));
    }
    json.number("redriveCount", execution.redriveCount())
        .time("redriveDate", execution.redriveDate());
    redriveStatus(json, execution, pending);
  }

  private void redriveStatus(
      JsonMembers json, ExecutionDescription execution, PendingRedrive pending) {
    String refusal =
        pending.includes(execution.status(), execution.stopDate())
            ? "Execution is PENDING_REDRIVE and cannot be redriven"
            : RedriveRules.refusal(
                ExecutionRows.status(execution.status()),
                execution.startDate().toEpochMilli(),
                execution.stopDate() == null ? null : execution.stopDate().toEpochMilli(),
                clock.millis());
    if (refusal != null) {
      json.text("redriveStatus", "NOT_REDRIVABLE").text("redriveStatusReason", refusal);
    } else {
      json.text(
          "redriveStatus", execution.mapRunArn() == null ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
    }
  }
}
