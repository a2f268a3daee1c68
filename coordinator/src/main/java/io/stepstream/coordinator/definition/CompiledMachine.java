package io.stepstream.coordinator.definition;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.schemas.StateMachineRevision;
import java.util.HashMap;
import java.util.Map;

/**
 * A revision that is ready to run. Immutable; shared by all its executions.
 *
 * @param logging what of its executions is logged
 * @param traced whether it wants its executions to be traced
 * @param flows every flow of the definition by its pointer: frames name their flow so
 */
public record CompiledMachine(
    StateMachineRevision revision,
    StateMachine machine,
    ExecutionLogging logging,
    boolean traced,
    Map<String, Flow> flows) {

  public CompiledMachine {
    flows = Map.copyOf(flows);
  }

  static CompiledMachine of(StateMachineRevision revision, StateMachine machine) {
    Map<String, Flow> flows = new HashMap<>();
    collect(machine.flow(), flows);
    MachineConfiguration configuration = MachineConfiguration.ofJson(revision.getConfiguration());
    return new CompiledMachine(
        revision,
        machine,
        ExecutionLogging.of(configuration.logging()),
        configuration.tracing().path("enabled").asBoolean(),
        flows);
  }

  private static void collect(Flow flow, Map<String, Flow> flows) {
    flows.put(flow.pointer(), flow);
    for (State state : flow.states().values()) {
      switch (state) {
        case State.Parallel parallel -> parallel.branches().forEach(b -> collect(b, flows));
        case State.MapState map -> collect(map.processor(), flows);
        case State.Pass _,
            State.Task _,
            State.Choice _,
            State.Wait _,
            State.Succeed _,
            State.Fail _ -> {}
      }
    }
  }
}
