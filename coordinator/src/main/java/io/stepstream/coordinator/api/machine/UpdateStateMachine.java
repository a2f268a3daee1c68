package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.RevisionIds;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.definition.UpdateOutcome;
import io.stepstream.coordinator.definition.UpdateRequest;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.Lane;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Gives a state machine another definition, role or configuration. */
final class UpdateStateMachine implements Action {

  private final StateMachines machines;
  private final Seals seals;
  private final DefinitionCheck definitions;

  UpdateStateMachine(StateMachines machines, DefinitionCheck definitions, Seals seals) {
    this.seals = seals;
    this.machines = machines;
    this.definitions = definitions;
  }

  @Override
  public String name() {
    return "UpdateStateMachine";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(arn -> role(call).then(role -> update(call, arn, role.isEmpty() ? null : role)));
  }

  private static Checked<String> role(Call call) {
    String role = call.text("roleArn");
    return role == null ? new Checked.Valid<>("") : Arns.role(role);
  }

  private CompletionStage<Answer> update(Call call, String arn, @Nullable String role) {
    if (!call.has("definition")
        && role == null
        && !call.has("loggingConfiguration")
        && !call.has("tracingConfiguration")
        && !call.has("encryptionConfiguration")) {
      return Refusals.missingRequiredParameter(
              "Either the definition, the role ARN, the LoggingConfiguration, or the"
                  + " TracingConfiguration must be specified")
          .now();
    }
    Answer.Refusal refusal = MachineParameters.refusal(call, seals);
    if (refusal != null) {
      return refusal.now();
    }
    return machines
        .describe(arn)
        .thenCompose(
            found -> {
              // Versions never change, so AWS says that there is none to be updated.
              if (found.isEmpty() || found.get().version() != null) {
                return Refusals.stateMachineDoesNotExist(arn).now();
              }
              return found.get().deleting()
                  ? Refusals.stateMachineDeleting(arn).now()
                  : update(call, arn, role, found.get().revision().getLane());
            });
  }

  /**
   * @param lane of the machine, which it keeps for life
   */
  private CompletionStage<Answer> update(Call call, String arn, @Nullable String role, Lane lane) {
    String text = call.text("definition");
    if (text == null) {
      return machines
          .update(
              new UpdateRequest(
                  arn, null, role, call.parameters(), MachineParameters.publication(call)))
          .thenApply(outcome -> answer(arn, outcome));
    }
    byte[] definition = text.getBytes(StandardCharsets.UTF_8);
    return definitions.check(
        definition,
        lane,
        () ->
            machines
                .update(
                    new UpdateRequest(
                        arn,
                        definition,
                        role,
                        call.parameters(),
                        MachineParameters.publication(call)))
                .thenApply(outcome -> answer(arn, outcome)));
  }

  private static Answer answer(String arn, UpdateOutcome outcome) {
    return switch (outcome) {
      case UpdateOutcome.Updated(var revision, var version) ->
          Answer.success(
              json ->
                  json.time("updateDate", revision.getUpdateDate())
                      .text("revisionId", RevisionIds.told(revision))
                      .text("stateMachineVersionArn", RevisionMembers.versionArn(version)));
      case UpdateOutcome.NoSuchMachine() -> Refusals.stateMachineDoesNotExist(arn);
      case UpdateOutcome.Deleting() -> Refusals.stateMachineDeleting(arn);
      case UpdateOutcome.TooManyVersions() -> Refusals.tooManyVersions(arn);
      case UpdateOutcome.TooLarge() -> Refusals.definitionTooLarge();
    };
  }
}
