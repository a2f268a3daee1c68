package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Aliases;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.schemas.StateMachineAlias;
import java.util.concurrent.CompletionStage;

/** Tells about an alias. */
final class DescribeStateMachineAlias implements Action {

  private final Aliases aliases;

  DescribeStateMachineAlias(Aliases aliases) {
    this.aliases = aliases;
  }

  @Override
  public String name() {
    return "DescribeStateMachineAlias";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return QualifiedArns.alias(call.required("stateMachineAliasArn"))
        .then(
            ref ->
                aliases
                    .describe(ref.machineArn(), ref.qualifier())
                    .thenApply(
                        found ->
                            found
                                .<Answer>map(alias -> Answer.success(json -> write(json, alias)))
                                .orElseGet(Refusals::referencedResourceNotFound)));
  }

  private static void write(JsonMembers json, StateMachineAlias alias) {
    String machine = alias.getStateMachineArn();
    json.text("stateMachineAliasArn", MachineRef.alias(machine, alias.getName()))
        .text("name", alias.getName())
        .text("description", alias.getDescription())
        .objects(
            "routingConfiguration",
            alias.getRoutes(),
            route ->
                json.text("stateMachineVersionArn", MachineRef.version(machine, route.getVersion()))
                    .number("weight", route.getWeight()))
        .time("creationDate", alias.getCreationDate())
        .time("updateDate", alias.getUpdateDate());
  }
}
