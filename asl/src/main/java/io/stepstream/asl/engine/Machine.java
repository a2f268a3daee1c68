package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import java.util.HashMap;
import java.util.Map;

/**
 * A definition made ready to run: its flows by their pointers, since frames name a flow by its
 * pointer.
 *
 * <p>Immutable and shared by all executions of one revision.
 */
public record Machine(StateMachine definition, Map<String, Flow> flows) {

  public static Machine of(StateMachine definition) {
    Map<String, Flow> flows = new HashMap<>();
    collect(definition.flow(), flows);
    return new Machine(definition, Map.copyOf(flows));
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

  State state(Frame frame) {
    return flow(frame.flow()).state(frame.state());
  }

  Flow flow(String pointer) {
    Flow flow = flows.get(pointer);
    if (flow == null) {
      throw new IllegalArgumentException("the definition has no flow at '" + pointer + "'");
    }
    return flow;
  }
}
