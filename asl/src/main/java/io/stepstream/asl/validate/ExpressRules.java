package io.stepstream.asl.validate;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;

/** What an Express execution can't do: wait for a job, a callback or an activity; run a Map run. */
final class ExpressRules {

  private final Problems problems;

  ExpressRules(Problems problems) {
    this.problems = problems;
  }

  void check(Outline flow, MachineType type) {
    for (Outline.State state : flow.states().values()) {
      if (type == MachineType.EXPRESS) {
        checkState(state);
      }
      MachineType inner =
          state.distributed() && "EXPRESS".equals(state.processorConfig("ExecutionType"))
              ? MachineType.EXPRESS
              : type;
      state.inner().forEach(child -> check(child, inner));
    }
  }

  private void checkState(Outline.State state) {
    if (state.distributed()) {
      Node.Struct processor = state.inner().getFirst().node();
      Node.Struct config = (Node.Struct) processor.get("ProcessorConfig");
      problems.schema(
          config.get("Mode"),
          "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state"
              + " machines");
    }
    if (state.type() == StateType.TASK
        && state.node().get("Resource") instanceof Node.Scalar resource
        && resource.json() instanceof String arn) {
      checkResource(resource, arn);
    }
  }

  private void checkResource(Node.Scalar at, String arn) {
    if (arn.endsWith(".sync") || arn.endsWith(".sync:2")) {
      problems.schema(at, "Express state machine does not support '.sync' service integration");
    } else if (arn.endsWith(".waitForTaskToken")) {
      // The blank at the end is AWS's.
      problems.schema(
          at, "Express state machine does not support '.waitForTaskToken' service integration ");
    } else if (Resources.isActivity(arn)) {
      problems.schema(at, "Express state machine does not support Activity ARN");
    }
  }
}
