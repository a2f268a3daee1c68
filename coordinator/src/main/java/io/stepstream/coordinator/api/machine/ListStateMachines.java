package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.DefinedMachine;
import io.stepstream.coordinator.definition.MachinePage;
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
    String token = call.text("nextToken");
    Checked<Long> after = token == null ? new Checked.Valid<>(-1L) : tokens.position(QUERY, token);
    return after.then(
        position -> machines.list(position, call.maxResults()).thenApply(this::answer));
  }

  private Answer answer(MachinePage page) {
    String nextToken = page.more() ? tokens.issue(QUERY, page.machines().getLast().offset()) : null;
    return Answer.success(
        json ->
            json.objects("stateMachines", page.machines(), machine -> write(json, machine))
                .text("nextToken", nextToken));
  }

  private static void write(JsonMembers json, DefinedMachine machine) {
    StateMachineRevision revision = machine.revision();
    json.text("stateMachineArn", revision.getStateMachineArn())
        .text("name", revision.getName())
        .text("type", revision.getLane().name())
        .time("creationDate", revision.getCreationDate());
  }
}
