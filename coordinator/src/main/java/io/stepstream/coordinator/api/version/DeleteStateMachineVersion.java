package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Versions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Deletes a version of a state machine, unless aliases lead to it. */
final class DeleteStateMachineVersion implements Action {

  private final Versions versions;

  DeleteStateMachineVersion(Versions versions) {
    this.versions = versions;
  }

  @Override
  public String name() {
    return "DeleteStateMachineVersion";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return QualifiedArns.version(call.required("stateMachineVersionArn"))
        .then(
            ref ->
                versions
                    .delete(ref.machineArn(), Objects.requireNonNull(ref.version()))
                    .thenApply(DeleteStateMachineVersion::answer));
  }

  private static Answer answer(List<String> aliases) {
    return aliases.isEmpty()
        ? Answer.success(_ -> {})
        : Refusals.conflict(
            "Version to be deleted must not be referenced by an alias. Current list of aliases"
                + " referencing this version: ["
                + String.join(", ", aliases)
                + "]");
  }
}
