package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.DescribedMachine;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import java.util.concurrent.CompletionStage;

/** Tells the current revision of a state machine, or that of a version. */
final class DescribeStateMachine implements Action {

  private final StateMachines machines;

  DescribeStateMachine(StateMachines machines) {
    this.machines = machines;
  }

  @Override
  public String name() {
    return "DescribeStateMachine";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(arn -> describe(arn, !call.metadataOnly()));
  }

  private CompletionStage<Answer> describe(String arn, boolean definition) {
    return machines
        .describe(arn)
        .thenApply(
            found ->
                found
                    .<Answer>map(
                        machine -> Answer.success(json -> write(json, machine, definition)))
                    .orElseGet(() -> Refusals.stateMachineDoesNotExist(arn)));
  }

  private static void write(JsonMembers json, DescribedMachine machine, boolean definition) {
    StateMachineRevision revision = machine.revision();
    StateMachineVersion version = machine.version();
    json.text(
            "stateMachineArn",
            version == null ? revision.getStateMachineArn() : RevisionMembers.versionArn(version))
        .text("name", revision.getName())
        .text("status", machine.deleting() ? "DELETING" : "ACTIVE");
    if (definition) {
      DefinitionMembers.write(json, revision);
    }
    json.text("roleArn", revision.getRoleArn())
        .text("type", revision.getLane().name())
        .time(
            "creationDate",
            version == null ? revision.getCreationDate() : version.getCreationDate())
        .text("description", version == null ? null : version.getDescription());
    RevisionMembers.write(json, revision);
  }
}
