package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.Publication;
import io.stepstream.coordinator.definition.PublishOutcome;
import io.stepstream.coordinator.definition.Versions;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes a state machine's current revision as a version. */
final class PublishStateMachineVersion implements Action {

  private final Versions versions;

  PublishStateMachineVersion(Versions versions) {
    this.versions = versions;
  }

  @Override
  public String name() {
    return "PublishStateMachineVersion";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    String revisionId = call.text("revisionId");
    Publication publication = new Publication(call.text("description"));
    return Arns.stateMachine(call.required("stateMachineArn"))
        .then(
            arn ->
                MachineRef.of(arn).qualifier() != null
                    ? Refusals.stateMachineDoesNotExist(arn).now()
                    : versions
                        .publish(arn, revisionId, publication)
                        .thenApply(outcome -> answer(arn, revisionId, outcome)));
  }

  private static Answer answer(String arn, @Nullable String revisionId, PublishOutcome outcome) {
    return switch (outcome) {
      case PublishOutcome.Published(var version) ->
          Answer.success(
              json ->
                  json.time("creationDate", version.getCreationDate())
                      .text(
                          "stateMachineVersionArn", MachineRef.version(arn, version.getNumber())));
      case PublishOutcome.AnotherRevision(String current) ->
          Refusals.conflict(
              "Failed to publish the State Machine version for revision %s. The current State Machine revision is %s."
                  .formatted(revisionId, current));
      case PublishOutcome.NoSuchMachine() -> Refusals.stateMachineDoesNotExist(arn);
      case PublishOutcome.Deleting() -> Refusals.stateMachineDeleting(arn);
      case PublishOutcome.TooManyVersions() -> Refusals.tooManyVersions(arn);
    };
  }
}
