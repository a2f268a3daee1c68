package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.DefinitionPage;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.schemas.StateMachineRevision;
import java.util.concurrent.CompletionStage;

/** Lists the state machines. */
final class ListStateMachines implements Action {

  private static final String QUERY = "ListStateMachines";

  private final StateMachines machines;
  private final PageTokens tokens;

  ListStateMachines(StateMachines machines, PageTokens tokens) {
    this.machines = machines;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "ListStateMachines";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return tokens
        .position(QUERY, call.text("nextToken"), -1)
        .then(after -> machines.list(after, call.maxResults()).thenApply(this::answer));
  }

  private Answer answer(DefinitionPage<StateMachineRevision> page) {
    String nextToken =
        page.more() ? tokens.issue(QUERY, page.definitions().getLast().offset()) : null;
    return Answer.success(
        json ->
            json.objects(
                    "stateMachines", page.definitions(), machine -> write(json, machine.value()))
                .text("nextToken", nextToken));
  }

  private static void write(JsonMembers json, StateMachineRevision revision) {
    json.text("stateMachineArn", revision.getStateMachineArn())
        .text("name", revision.getName())
        .text("type", revision.getLane().name())
        .time("creationDate", revision.getCreationDate());
  }
}
