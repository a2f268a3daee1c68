package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.DefinitionCompiler;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.sealing.Seals;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** The actions of this package. */
public final class MachineActions {

  private MachineActions() {}

  /**
   * The actions.
   *
   * @param arnOf the ARN of a machine that is defined here, from its name
   * @param executor compiles definitions, which takes too long for an I/O thread
   */
  public static List<Action> all(
      StateMachines machines,
      Executions executions,
      PageTokens tokens,
      DefinitionCompiler compiler,
      UnaryOperator<String> arnOf,
      Seals seals,
      Executor executor) {
    DefinitionCheck definitions = new DefinitionCheck(compiler, executor);
    return List.of(
        new CreateStateMachine(machines, definitions, arnOf, seals),
        new DescribeStateMachine(machines),
        new DescribeStateMachineForExecution(machines, executions),
        new ListStateMachines(machines, tokens),
        new UpdateStateMachine(machines, definitions, seals),
        new DeleteStateMachine(machines));
  }
}
