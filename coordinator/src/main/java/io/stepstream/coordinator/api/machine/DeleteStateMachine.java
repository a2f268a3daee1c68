package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.StateMachines;
import java.util.concurrent.CompletionStage;

/**
 * Deletes a state machine; as on AWS it is no error that there is none. Its executions go on, with
 * the revisions that they run.
 */
final class DeleteStateMachine implements Action {

  private final StateMachines machines;

  DeleteStateMachine(StateMachines machines) {
    this.machines = machines;
  }

  @Override
  public String name() {
    return "DeleteStateMachine";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(
            arn ->
                MachineRef.of(arn).qualifier() == null && !Arns.isLabelled(arn)
                    ? machines.delete(arn).thenApply(_ -> Answer.success(_ -> {}))
                    : Refusals.validation(
                            "Only whole state machines can be deleted by this action: " + arn,
                            Arns.isLabelled(arn) ? "API_DOES_NOT_SUPPORT_LABELED_ARNS" : null)
                        .now());
  }
}
