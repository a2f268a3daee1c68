package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Names;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.schemas.Lane;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defines a state machine. */
final class CreateStateMachine implements Action {

  private static final int MOST_TAGS = 50;

  private final StateMachines machines;
  private final DefinitionCheck definitions;
  private final UnaryOperator<String> arnOf;

  CreateStateMachine(
      StateMachines machines, DefinitionCheck definitions, UnaryOperator<String> arnOf) {
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
                          Answer.Refusal refusal = refusal(call, name);
                          return refusal != null ? refusal.now() : create(call, name, role);
                        }));
  }

  private static Answer.@Nullable Refusal refusal(Call call, String name) {
    Answer.Refusal refusal = MachineParameters.refusal(call);
    return refusal == null && call.parameters().path("tags").size() > MOST_TAGS
        ? Refusals.tooManyTags(name)
        : refusal;
  }

  private CompletionStage<Answer> create(Call call, String name, String role) {
    byte[] definition = call.required("definition").getBytes(StandardCharsets.UTF_8);
    Lane lane = "EXPRESS".equals(call.text("type")) ? Lane.EXPRESS : Lane.STANDARD;
    CreateRequest request =
        new CreateRequest(
            arnOf.apply(name),
            name,
            lane,
            role,
            definition,
            MachineConfiguration.of(call.parameters()));
    return definitions.check(
        definition, lane, () -> machines.create(request).thenApply(CreateStateMachine::answer));
  }

  private static Answer answer(CreateOutcome outcome) {
    return switch (outcome) {
      case CreateOutcome.Created(var revision) ->
          Answer.success(
              json ->
                  json.text("stateMachineArn", revision.getStateMachineArn())
                      .time("creationDate", revision.getCreationDate()));
      case CreateOutcome.AlreadyExists(String arn) -> Refusals.stateMachineAlreadyExists(arn);
      case CreateOutcome.TooLarge _ -> Refusals.definitionTooLarge();
    };
  }
}
