package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.definition.Aliases;
import java.util.concurrent.CompletionStage;

/** Deletes an alias. The versions stay. */
final class DeleteStateMachineAlias implements Action {

  private final Aliases aliases;

  DeleteStateMachineAlias(Aliases aliases) {
    this.aliases = aliases;
  }

  @Override
  public String name() {
    return "DeleteStateMachineAlias";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return QualifiedArns.alias(call.required("stateMachineAliasArn"))
        .then(
            ref ->
                aliases
                    .delete(ref.machineArn(), ref.qualifier())
                    .thenApply(_ -> Answer.success(_ -> {})));
  }
}
