package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lists the executions of a state machine or the child executions of a Map run, the latest first.
 */
final class ListExecutions implements Action {

  private final ExecutionLists lists;
  private final StateMachines machines;
  private final MapRuns mapRuns;
  private final PageTokens tokens;

  ListExecutions(ExecutionLists lists, StateMachines machines, MapRuns mapRuns, PageTokens tokens) {
    this.lists = lists;
    this.machines = machines;
    this.mapRuns = mapRuns;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "ListExecutions";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    String machine = call.text("stateMachineArn");
    String mapRun = call.text("mapRunArn");
    if ((machine == null) == (mapRun == null)) {
      return Refusals.validation(
              "Exactly one of stateMachineArn and mapRunArn must be given",
              "MISSING_REQUIRED_PARAMETER")
          .now();
    }
    if (machine != null) {
      if (PendingRedrive.STATUS.equals(call.text("statusFilter"))) {
        return Refusals.validation(
                "The status PENDING_REDRIVE is for child executions of a Map run")
            .now();
      }
      return Arns.stateMachine(machine).then(arn -> ofMachine(call, arn));
    }
    return Arns.mapRun(mapRun).then(arn -> ofMapRun(call, arn));
  }

  private CompletionStage<Answer> ofMachine(Call call, String arn) {
    MachineRef ref = MachineRef.of(arn);
    return machines
        .describe(ref.machineArn())
        .thenCompose(
            found ->
                found.isEmpty()
                    ? Refusals.stateMachineDoesNotExist(arn).now()
                    : found.get().revision().getLane() == Lane.EXPRESS
                        ? Refusals.stateMachineTypeNotSupported().now()
                        : list(call, query(call, arn, ref), PendingRedrive.NONE));
  }

  /** Executions keep the names of versions and aliases that have been deleted. */
  private static ExecutionQuery query(Call call, String arn, MachineRef ref) {
    boolean machine = ref.qualifier() == null;
    boolean version = ref.version() != null;
    return new ExecutionQuery(
        machine ? arn : null,
        version ? arn : null,
        machine || version ? null : arn,
        null,
        statuses(call),
        redriven(call),
        TimeRange.ANY);
  }

  private CompletionStage<Answer> ofMapRun(Call call, String arn) {
    return mapRuns
        .describe(arn)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? Refusals.resourceNotFound(arn).now()
                    : ofMapRun(call, found.get()));
  }

  private CompletionStage<Answer> ofMapRun(Call call, MapRunDescription run) {
    PendingRedrive pending = PendingRedrive.of(run);
    Set<ExecutionStatus> statuses = statuses(call);
    TimeRange stopped = TimeRange.ANY;
    if (PendingRedrive.STATUS.equals(call.text("statusFilter"))) {
      if (pending.since() == null) {
        return none();
      }
      statuses = PendingRedrive.UNSUCCESSFUL;
      stopped = new TimeRange(null, pending.since());
    } else if (pending.since() != null
        && PendingRedrive.UNSUCCESSFUL.containsAll(statuses)
        && !statuses.isEmpty()) {
      stopped = new TimeRange(pending.since(), null);
    }
    return list(
        call,
        new ExecutionQuery(null, null, null, run.mapRunArn(), statuses, redriven(call), stopped),
        pending);
  }

  /**
   * @param pending which of the executions have another status, since they wait to run again
   */
  private CompletionStage<Answer> list(Call call, ExecutionQuery query, PendingRedrive pending) {
    String asked = text(call);
    return tokens
        .position(asked, call.text("nextToken"), Long.MAX_VALUE)
        .then(
            before ->
                lists
                    .list(query, before, call.maxResults())
                    .thenApply(page -> answer(asked, page, pending)));
  }

  private static CompletionStage<Answer> none() {
    return CompletableFuture.completedFuture(
        Answer.success(json -> json.objects("executions", List.<ListedExecution>of(), _ -> {})));
  }

  private static Set<ExecutionStatus> statuses(Call call) {
    String filter = call.text("statusFilter");
    return filter == null || filter.equals(PendingRedrive.STATUS)
        ? Set.of()
        : Set.of(ExecutionStatus.valueOf(filter));
  }

  private static @Nullable Boolean redriven(Call call) {
    String filter = call.text("redriveFilter");
    return filter == null ? null : (Boolean) filter.equals("REDRIVEN");
  }

  /** What a page's token holds for; not the query, which changes when a Map run ends. */
  private static String text(Call call) {
    return "ListExecutions\n%s\n%s\n%s\n%s"
        .formatted(
            call.text("stateMachineArn"),
            call.text("mapRunArn"),
            call.text("statusFilter"),
            call.text("redriveFilter"));
  }

  private Answer answer(String asked, ExecutionPage page, PendingRedrive pending) {
    String nextToken =
        page.more() ? tokens.issue(asked, page.executions().getLast().position()) : null;
    return Answer.success(
        json ->
            json.objects(
                    "executions", page.executions(), execution -> write(json, execution, pending))
                .text("nextToken", nextToken));
  }

  private static void write(JsonMembers json, ListedExecution execution, PendingRedrive pending) {
    json.text("executionArn", execution.executionArn())
        .text("stateMachineArn", execution.stateMachineArn())
        .text("name", ExecutionArns.name(execution.executionArn()))
        .text("status", pending.status(execution.status(), execution.stopDate()))
        .time("startDate", execution.startDate())
        .time("stopDate", execution.stopDate())
        .text("mapRunArn", execution.mapRunArn())
        .text("stateMachineVersionArn", execution.stateMachineVersionArn())
        .text("stateMachineAliasArn", execution.stateMachineAliasArn())
        .number("redriveCount", execution.redriveCount())
        .time("redriveDate", execution.redriveDate());
  }
}
