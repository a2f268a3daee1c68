package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.schemas.StateMachineRevision;
import java.util.concurrent.CompletionStage;

/** Tells the revision of its machine that an execution runs. */
final class DescribeStateMachineForExecution implements Action {

  private final StateMachines machines;
  private final Executions executions;

  DescribeStateMachineForExecution(StateMachines machines, Executions executions) {
    this.machines = machines;
    this.executions = executions;
  }

  @Override
  public String name() {
    return "DescribeStateMachineForExecution";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.standardExecution(call.required("executionArn"))
        .then(
            arn ->
                executions
                    .describe(arn)
                    .thenCompose(
                        found ->
                            found.isEmpty()
                                ? Refusals.executionDoesNotExist(arn).now()
                                : describe(found.get(), !call.metadataOnly())));
  }

  private CompletionStage<Answer> describe(ExecutionDescription execution, boolean definition) {
    if (execution.mapRunArn() != null) {
      return Refusals.validation(
              "The definitions of child executions of a Map run can't be told by this version of"
                  + " Stepstream: ask for the execution of the Map state")
          .now();
    }
    return machines
        .revision(execution.stateMachineArn(), execution.revisionId())
        .thenApply(
            found ->
                found
                    .<Answer>map(
                        revision -> Answer.success(json -> write(json, revision, definition)))
                    .orElseGet(
                        () -> Refusals.stateMachineDoesNotExist(execution.stateMachineArn())));
  }

  private static void write(JsonMembers json, StateMachineRevision revision, boolean definition) {
    json.text("stateMachineArn", revision.getStateMachineArn()).text("name", revision.getName());
    if (definition) {
      DefinitionMembers.write(json, revision);
    }
    json.text("roleArn", revision.getRoleArn()).time("updateDate", revision.getUpdateDate());
    RevisionMembers.write(json, revision);
  }
}
