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
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lists the executions of a state machine or the child executions of a Map run, the latest first.
 */
final class ListExecutions implements Action {

  private static final String PENDING_REDRIVE = "PENDING_REDRIVE";

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
      if (PENDING_REDRIVE.equals(call.text("statusFilter"))) {
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
                        : list(call, query(call, arn, ref)));
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
        status(call),
        redriven(call));
  }

  private CompletionStage<Answer> ofMapRun(Call call, String arn) {
    return mapRuns
        .describe(arn)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? Refusals.resourceNotFound(arn).now()
                    : list(
                        call,
                        new ExecutionQuery(null, null, null, arn, status(call), redriven(call))));
  }

  private CompletionStage<Answer> list(Call call, ExecutionQuery query) {
    if (PENDING_REDRIVE.equals(call.text("statusFilter"))) {
      return none(); // what waits in a shard to be redriven is in no index
    }
    return tokens
        .position(text(query), call.text("nextToken"), Long.MAX_VALUE)
        .then(
            before ->
                lists
                    .list(query, before, call.maxResults())
                    .thenApply(page -> answer(query, page)));
  }

  private static CompletionStage<Answer> none() {
    return CompletableFuture.completedFuture(
        Answer.success(json -> json.objects("executions", List.<ListedExecution>of(), _ -> {})));
  }

  private static @Nullable ExecutionStatus status(Call call) {
    String filter = call.text("statusFilter");
    return filter == null || filter.equals(PENDING_REDRIVE)
        ? null
        : ExecutionStatus.valueOf(filter);
  }

  private static @Nullable Boolean redriven(Call call) {
    String filter = call.text("redriveFilter");
    return filter == null ? null : (Boolean) filter.equals("REDRIVEN");
  }

  private static String text(ExecutionQuery query) {
    return "ListExecutions\n%s\n%s\n%s\n%s\n%s\n%s"
        .formatted(
            query.stateMachineArn(),
            query.stateMachineVersionArn(),
            query.stateMachineAliasArn(),
            query.mapRunArn(),
            query.status(),
            query.redriven());
  }

  private Answer answer(ExecutionQuery query, ExecutionPage page) {
    String nextToken =
        page.more() ? tokens.issue(text(query), page.executions().getLast().position()) : null;
    return Answer.success(
        json ->
            json.objects("executions", page.executions(), execution -> write(json, execution))
                .text("nextToken", nextToken));
  }

  private static void write(JsonMembers json, ListedExecution execution) {
    json.text("executionArn", execution.executionArn())
        .text("stateMachineArn", execution.stateMachineArn())
        .text("name", ExecutionArns.name(execution.executionArn()))
        .text("status", execution.status().name())
        .time("startDate", execution.startDate())
        .time("stopDate", execution.stopDate())
        .text("mapRunArn", execution.mapRunArn())
        .text("stateMachineVersionArn", execution.stateMachineVersionArn())
        .text("stateMachineAliasArn", execution.stateMachineAliasArn())
        .number("redriveCount", execution.redriveCount())
        .time("redriveDate", execution.redriveDate());
  }
}
