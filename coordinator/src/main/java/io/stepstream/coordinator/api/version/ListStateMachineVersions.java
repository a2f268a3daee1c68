package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.DefinitionPage;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.Versions;
import io.stepstream.schemas.StateMachineVersion;
import java.util.concurrent.CompletionStage;

/** Lists the versions of a state machine, the latest first. */
final class ListStateMachineVersions implements Action {

  private final Versions versions;
  private final PageTokens tokens;

  ListStateMachineVersions(Versions versions, PageTokens tokens) {
    this.versions = versions;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "ListStateMachineVersions";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(
            arn ->
                tokens
                    .position(query(arn), call.text("nextToken"), Long.MAX_VALUE)
                    .then(
                        before ->
                            versions
                                .list(arn, before, call.maxResults())
                                .thenApply(page -> answer(arn, page))));
  }

  private String query(String arn) {
    return name() + '\n' + arn;
  }

  private Answer answer(String arn, DefinitionPage<StateMachineVersion> page) {
    return Answer.success(
        json ->
            json.objects(
                    "stateMachineVersions",
                    page.definitions(),
                    version ->
                        json.text(
                                "stateMachineVersionArn",
                                MachineRef.version(arn, version.value().getNumber()))
                            .time("creationDate", version.value().getCreationDate()))
                .text(
                    "nextToken",
                    page.more()
                        ? tokens.issue(query(arn), page.definitions().getLast().value().getNumber())
                        : null));
  }
}
