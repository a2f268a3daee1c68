package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Aliases;
import io.stepstream.coordinator.definition.DefinitionPage;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.schemas.StateMachineAlias;
import java.util.concurrent.CompletionStage;

/** Lists the aliases of a state machine or of one of its versions, the latest first. */
final class ListStateMachineAliases implements Action {

  private final StateMachines machines;
  private final Aliases aliases;
  private final PageTokens tokens;

  ListStateMachineAliases(StateMachines machines, Aliases aliases, PageTokens tokens) {
    this.machines = machines;
    this.aliases = aliases;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "ListStateMachineAliases";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(
            arn ->
                tokens
                    .position(query(arn), call.text("nextToken"), Long.MAX_VALUE)
                    .then(before -> list(arn, before, call.maxResults())));
  }

  private CompletionStage<Answer> list(String arn, long before, int maxResults) {
    MachineRef ref = MachineRef.of(arn);
    return machines
        .describe(arn)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return ref.qualifier() == null
                    ? Refusals.stateMachineDoesNotExist(arn).now()
                    : Refusals.referencedResourceNotFound().now();
              }
              return found.get().deleting()
                  ? Refusals.stateMachineDeleting(arn).now()
                  : aliases
                      .list(ref.machineArn(), ref.version(), before, maxResults)
                      .thenApply(page -> answer(arn, page));
            });
  }

  private String query(String arn) {
    return name() + '\n' + arn;
  }

  private Answer answer(String arn, DefinitionPage<StateMachineAlias> page) {
    return Answer.success(
        json ->
            json.objects(
                    "stateMachineAliases",
                    page.definitions(),
                    alias ->
                        json.text(
                                "stateMachineAliasArn",
                                MachineRef.alias(
                                    alias.value().getStateMachineArn(), alias.value().getName()))
                            .time("creationDate", alias.value().getCreationDate()))
                .text(
                    "nextToken",
                    page.more()
                        ? tokens.issue(
                            query(arn),
                            page.definitions().getLast().value().getCreationDate().toEpochMilli())
                        : null));
  }
}
