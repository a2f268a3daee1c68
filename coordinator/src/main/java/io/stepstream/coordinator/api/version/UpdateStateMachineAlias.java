package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.AliasOutcome;
import io.stepstream.coordinator.definition.Aliases;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.schemas.AliasRoute;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes an alias' description or the versions that it leads to. */
final class UpdateStateMachineAlias implements Action {

  private final Aliases aliases;

  UpdateStateMachineAlias(Aliases aliases) {
    this.aliases = aliases;
  }

  @Override
  public String name() {
    return "UpdateStateMachineAlias";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    String description = call.text("description");
    boolean routes = call.has("routingConfiguration");
    if (description == null && !routes) {
      return Refusals.validation(
              "Either the description or the routing configuration must be specified",
              "MISSING_REQUIRED_PARAMETER")
          .now();
    }
    return QualifiedArns.alias(call.required("stateMachineAliasArn"))
        .then(
            ref ->
                routes
                    ? Routing.check(call.parameters().path("routingConfiguration"))
                        .then(
                            routing ->
                                routing.machineArn().equals(ref.machineArn())
                                    ? update(ref, description, routing.routes())
                                    : Refusals.validation(
                                            "Routing configuration must contain versions of the"
                                                + " alias' state machine",
                                            "INVALID_ROUTING_CONFIGURATION")
                                        .now())
                    : update(ref, description, null));
  }

  private CompletionStage<Answer> update(
      MachineRef ref, @Nullable String description, @Nullable List<AliasRoute> routes) {
    return aliases
        .update(ref.machineArn(), ref.qualifier(), description, routes)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case AliasOutcome.Done(var alias) ->
                      Answer.success(json -> json.time("updateDate", alias.getUpdateDate()));
                  case AliasOutcome.NotFound() -> Refusals.referencedResourceNotFound();
                  case AliasOutcome.Deleting() -> Refusals.stateMachineDeleting(ref.machineArn());
                  case AliasOutcome.AlreadyExists(), AliasOutcome.TooManyAliases() ->
                      throw new IllegalStateException("an update creates nothing: " + outcome);
                });
  }
}
