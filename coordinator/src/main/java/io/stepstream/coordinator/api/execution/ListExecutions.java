package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.protocol.Refusals;
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
    return machines
        .current(arn)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? Refusals.stateMachineDoesNotExist(arn).now()
                    : found.get().revision().getLane() == Lane.EXPRESS
                        ? Refusals.stateMachineTypeNotSupported().now()
                        : list(call, arn, null));
  }

  private CompletionStage<Answer> ofMapRun(Call call, String arn) {
    return mapRuns
        .describe(arn)
        .thenCompose(
            found ->
                found.isEmpty() ? Refusals.resourceNotFound(arn).now() : list(call, null, arn));
  }

  private CompletionStage<Answer> list(
      Call call, @Nullable String machine, @Nullable String mapRun) {
    String filter = call.text("statusFilter");
    if (PENDING_REDRIVE.equals(filter)) {
      return none(); // a redrive begins a Map run anew: no child waits for one
    }
    ExecutionStatus status = filter == null ? null : ExecutionStatus.valueOf(filter);
    ExecutionQuery query =
        new ExecutionQuery(machine, mapRun, status, redriven(call.text("redriveFilter")));
    int maxResults = call.maxResults();
    return before(call, query)
        .then(
            before -> lists.list(query, before, maxResults).thenApply(page -> answer(query, page)));
  }

  private static CompletionStage<Answer> none() {
    return CompletableFuture.completedFuture(
        Answer.success(json -> json.objects("executions", List.<ListedExecution>of(), _ -> {})));
  }

  private static @Nullable Boolean redriven(@Nullable String filter) {
    return filter == null ? null : (Boolean) filter.equals("REDRIVEN");
  }

  private Checked<Long> before(Call call, ExecutionQuery query) {
    String token = call.text("nextToken");
    return token == null
        ? new Checked.Valid<>(Long.MAX_VALUE)
        : tokens.position(text(query), token);
  }

  private static String text(ExecutionQuery query) {
    return "ListExecutions\n%s\n%s\n%s\n%s"
        .formatted(query.stateMachineArn(), query.mapRunArn(), query.status(), query.redriven());
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
        .number("redriveCount", execution.redriveCount())
        .time("redriveDate", execution.redriveDate());
  }
}
