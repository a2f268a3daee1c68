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
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.StateMachineRevision;
import java.util.concurrent.CompletionStage;

/** Tells what an execution runs: the revision of its machine, or a Map state of that. */
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
    return machines
        .revision(ExecutionArns.definedBy(execution.stateMachineArn()), execution.revisionId())
        .thenApply(
            found ->
                found
                    .<Answer>map(
                        revision ->
                            Answer.success(json -> write(json, execution, revision, definition)))
                    .orElseGet(
                        () -> Refusals.stateMachineDoesNotExist(execution.stateMachineArn())));
  }

  /**
   * A child execution of a Map run has a machine of its own, that of the Map state: named by its
   * label, with its processor for a definition. The rest is the revision's.
   */
  private static void write(
      JsonMembers json,
      ExecutionDescription execution,
      StateMachineRevision revision,
      boolean definition) {
    String arn = execution.stateMachineArn();
    boolean child = execution.mapRunArn() != null;
    json.text("stateMachineArn", arn).text("name", arn.substring(arn.lastIndexOf(':') + 1));
    if (definition && child) {
      DefinitionMembers.writeProcessor(json, revision, arn);
    } else if (definition) {
      DefinitionMembers.write(json, revision);
    }
    json.text("roleArn", revision.getRoleArn()).time("updateDate", revision.getUpdateDate());
    if (child) {
      json.text("mapRunArn", execution.mapRunArn())
          .text("label", arn.substring(arn.indexOf('/') + 1));
    }
    RevisionMembers.write(json, revision);
  }
}
