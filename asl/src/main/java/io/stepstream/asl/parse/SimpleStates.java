package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.source.Node;
import org.jspecify.annotations.Nullable;

/** The states that have little more than their data flow: Pass and Succeed. */
final class SimpleStates {

  private SimpleStates() {}

  static @Nullable State pass(StateContext state) {
    DataFlow data = DataFlows.parse(state);
    Transition transition = Transitions.parse(state);
    Node result = state.isJsonata() ? null : state.fields().get("Result");
    return data == null || transition == null
        ? null
        : new State.Pass(
            state.name(),
            state.language(),
            data,
            result == null ? null : result.json(),
            transition);
  }

  static @Nullable State succeed(StateContext state) {
    DataFlow data = DataFlows.parse(state);
    return data == null ? null : new State.Succeed(state.name(), state.language(), data);
  }
}
