package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.sealing.Seals;
import java.time.Clock;
import java.util.List;

/** The actions of this package. */
public final class ExecutionActions {

  private ExecutionActions() {}

  public static List<Action> all(
      Executions executions,
      MapRuns mapRuns,
      ExecutionLists lists,
      ExpressChildren expressChildren,
      StateMachines machines,
      PageTokens tokens,
      Seals seals,
      Clock clock) {
    PayloadReader reader = new PayloadReader(seals);
    Starts starts = new Starts(machines);
    return List.of(
        new StartExecution(starts, executions),
        new StartSyncExecution(starts, executions, clock),
        new DescribeExecution(executions, expressChildren, mapRuns, reader, clock),
        new GetExecutionHistory(executions, tokens, reader),
        new ListExecutions(lists, machines, mapRuns, tokens),
        new StopExecution(executions),
        new RedriveExecution(executions),
        new DescribeMapRun(mapRuns),
        new ListMapRuns(mapRuns, tokens),
        new UpdateMapRun(mapRuns));
  }
}
