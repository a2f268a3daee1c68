package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRuns;
import java.util.concurrent.CompletionStage;

/** Lists the Map runs of one execution, the first one first. */
final class ListMapRuns implements Action {

  private final MapRuns mapRuns;
  private final PageTokens tokens;

  ListMapRuns(MapRuns mapRuns, PageTokens tokens) {
    this.mapRuns = mapRuns;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "ListMapRuns";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    int maxResults = call.maxResults();
    return Arns.standardExecution(call.required("executionArn"))
        .then(arn -> position(call, arn).then(after -> list(arn, after, maxResults)));
  }

  private Checked<Long> position(Call call, String arn) {
    String token = call.text("nextToken");
    return token == null ? new Valid<>(0L) : tokens.position(query(arn), token);
  }

  private static String query(String arn) {
    return "ListMapRuns\n" + arn;
  }

  private CompletionStage<Answer> list(String arn, long after, int maxResults) {
    return mapRuns
        .list(arn, after, maxResults)
        .thenApply(
            found ->
                found
                    .map(page -> answer(arn, page))
                    .orElseGet(() -> Refusals.executionDoesNotExist(arn)));
  }

  private Answer answer(String arn, MapRunPage page) {
    String nextToken =
        page.more() ? tokens.issue(query(arn), page.runs().getLast().position()) : null;
    return Answer.success(
        json ->
            json.objects("mapRuns", page.runs(), run -> write(json, arn, run))
                .text("nextToken", nextToken));
  }

  private static void write(JsonMembers json, String executionArn, MapRunPage.Listed run) {
    json.text("executionArn", executionArn)
        .text("mapRunArn", run.mapRunArn())
        .text("stateMachineArn", Arns.stateMachineOf(run.mapRunArn()))
        .time("startDate", run.startDate())
        .time("stopDate", run.stopDate());
  }
}
