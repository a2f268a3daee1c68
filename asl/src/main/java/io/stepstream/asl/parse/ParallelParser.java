package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class ParallelParser {

  private static final Set<String> BRANCH_FIELDS = Set.of("Comment", "StartAt", "States");

  private ParallelParser() {}

  static @Nullable State parse(StateContext state, FlowParser flows) {
    Fields fields = state.fields();
    fields.require("Branches");
    DataFlow data = DataFlows.parse(state);
    List<Flow> branches = new ArrayList<>();
    List<Node> nodes = fields.nonEmptyItems("Branches");
    for (Node node : nodes == null ? List.<Node>of() : nodes) {
      Node.Struct struct = fields.struct(node);
      if (struct != null) {
        state.inner(struct).allow(BRANCH_FIELDS);
        Flow branch = flows.parse(struct);
        if (branch != null) {
          branches.add(branch);
        }
      }
    }
    ErrorHandling errorHandling = ErrorHandlings.parse(state);
    Transition transition = Transitions.parse(state);
    return data == null || transition == null
        ? null
        : new State.Parallel(
            state.name(), state.language(), data, List.copyOf(branches), errorHandling, transition);
  }
}
