package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.schemas.StateMachineRevision;
import java.util.concurrent.CompletionStage;

/** Tells the current revision of a state machine. */
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
        .current(arn)
        .thenApply(
            found ->
                found
                    .<Answer>map(
                        machine ->
                            Answer.success(json -> write(json, machine.revision(), definition)))
                    .orElseGet(() -> Refusals.stateMachineDoesNotExist(arn)));
  }

  private static void write(JsonMembers json, StateMachineRevision revision, boolean definition) {
    json.text("stateMachineArn", revision.getStateMachineArn())
        .text("name", revision.getName())
        .text("status", "ACTIVE");
    if (definition) {
      json.payload("definition", revision.getDefinition());
    }
    json.text("roleArn", revision.getRoleArn())
        .text("type", revision.getLane().name())
        .time("creationDate", revision.getCreationDate());
    RevisionMembers.write(json, revision);
  }
}
