package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.AliasOutcome;
import io.stepstream.coordinator.definition.Aliases;
import io.stepstream.coordinator.definition.MachineRef;
import java.util.concurrent.CompletionStage;

/** Creates an alias for one version or two. */
final class CreateStateMachineAlias implements Action {

  private final Aliases aliases;

  CreateStateMachineAlias(Aliases aliases) {
    this.aliases = aliases;
  }

  @Override
  public String name() {
    return "CreateStateMachineAlias";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    String name = call.required("name");
    return Routing.check(call.parameters().path("routingConfiguration"))
        .then(
            routing ->
                aliases
                    .create(routing.machineArn(), name, call.text("description"), routing.routes())
                    .thenApply(outcome -> answer(routing.machineArn(), outcome)));
  }

  private static Answer answer(String machineArn, AliasOutcome outcome) {
    return switch (outcome) {
      case AliasOutcome.Done(var alias) ->
          Answer.success(
              json ->
                  json.text("stateMachineAliasArn", MachineRef.alias(machineArn, alias.getName()))
                      .time("creationDate", alias.getCreationDate()));
      case AliasOutcome.AlreadyExists() ->
          Refusals.conflict(
              "Failed to create alias because an alias with the same name and a different routing"
                  + " configuration already exists.");
      case AliasOutcome.NotFound() -> Refusals.referencedResourceNotFound();
      case AliasOutcome.Deleting() -> Refusals.stateMachineDeleting(machineArn);
      case AliasOutcome.TooManyAliases() ->
          Refusals.quotaExceeded(
              "The state machine has as many aliases as it may have: " + machineArn);
    };
  }
}
