package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Names;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.tag.TagList;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ResourceTag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Defines a state machine. */
final class CreateStateMachine implements Action {

  private final StateMachines machines;
  private final Seals seals;
  private final DefinitionCheck definitions;
  private final UnaryOperator<String> arnOf;

  CreateStateMachine(
      StateMachines machines,
      DefinitionCheck definitions,
      UnaryOperator<String> arnOf,
      Seals seals) {
    this.seals = seals;
    this.machines = machines;
    this.definitions = definitions;
    this.arnOf = arnOf;
  }

  @Override
  public String name() {
    return "CreateStateMachine";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Names.check(call.required("name"))
        .then(
            name ->
                Arns.role(call.required("roleArn"))
                    .then(
                        role -> {
                          Answer.Refusal refusal = MachineParameters.refusal(call, seals);
                          return refusal != null
                              ? refusal.now()
                              : TagList.check(call.parameters().path("tags"), name)
                                  .then(tags -> create(call, name, role, tags));
                        }));
  }

  private CompletionStage<Answer> create(
      Call call, String name, String role, List<ResourceTag> tags) {
    byte[] definition = call.required("definition").getBytes(StandardCharsets.UTF_8);
    Lane lane = "EXPRESS".equals(call.text("type")) ? Lane.EXPRESS : Lane.STANDARD;
    CreateRequest request =
        new CreateRequest(
            arnOf.apply(name),
            name,
            lane,
            role,
            definition,
            MachineConfiguration.of(call.parameters()),
            tags,
            MachineParameters.publication(call));
    return definitions.check(
        definition,
        lane,
        () ->
            machines
                .create(request)
                .thenApply(outcome -> answer(request.stateMachineArn(), outcome)));
  }

  private static Answer answer(String arn, CreateOutcome outcome) {
    return switch (outcome) {
      case CreateOutcome.Created(var revision, var version) ->
          Answer.success(
              json ->
                  json.text("stateMachineArn", arn)
                      .time("creationDate", revision.getCreationDate())
                      .text("stateMachineVersionArn", RevisionMembers.versionArn(version)));
      case CreateOutcome.AlreadyExists() -> Refusals.stateMachineAlreadyExists(arn);
      case CreateOutcome.Deleting() -> Refusals.stateMachineDeleting(arn);
      case CreateOutcome.TooLarge() -> Refusals.definitionTooLarge();
    };
  }
}
