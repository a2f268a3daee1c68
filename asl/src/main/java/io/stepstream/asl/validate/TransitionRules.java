package io.stepstream.asl.validate;

import static io.stepstream.asl.source.ProblemCode.MISSING_END_STATE;
import static io.stepstream.asl.source.ProblemCode.MISSING_TRANSITION_TARGET;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Every name leads to a state of the same flow, every state is led to, and the machine can end. */
final class TransitionRules {

  private static final String NO_END = "Workflow has no terminal state";

  private final Problems problems;

  TransitionRules(Problems problems) {
    this.problems = problems;
  }

  void check(Outline machine) {
    if (checkNames(machine) && !canEnd(machine)) {
      // AWS doesn't look for unreachable states of a machine that has no terminal one.
      problems.errorWithoutLocation(
          MISSING_END_STATE, machine.node().path(), machine.node().at(), NO_END);
    } else {
      checkReachable(machine);
    }
    checkInner(machine);
  }

  /** AWS accepts branches and processors that can't end; they are worth a word all the same. */
  void checkInner(Outline around) {
    for (Outline.State state : around.states().values()) {
      for (Outline flow : state.inner()) {
        if (checkNames(flow) && !canEnd(flow)) {
          problems.warning(MISSING_END_STATE, flow.node(), NO_END);
        } else {
          checkReachable(flow);
        }
        checkInner(flow);
      }
    }
  }

  /** False for a flow without states, which is reported as such. */
  private boolean checkNames(Outline flow) {
    if (flow.states().isEmpty()) {
      return false;
    }
    checkTargets(flow);
    return true;
  }

  private static boolean canEnd(Outline flow) {
    return flow.states().values().stream().anyMatch(TransitionRules::ends);
  }

  private void checkTargets(Outline flow) {
    if (flow.node().get("StartAt") instanceof Node.Scalar start && start.json() instanceof String) {
      checkTarget(flow, start);
    }
    for (Outline.State state : flow.states().values()) {
      state.targets().forEach(target -> checkTarget(flow, target));
    }
  }

  /** AWS says 'Next' whatever field the name stands in. */
  private void checkTarget(Outline flow, Node.Scalar target) {
    if (!flow.states().containsKey(target.json())) {
      problems.error(MISSING_TRANSITION_TARGET, target, "Missing 'Next' target: " + target.json());
    }
  }

  private void checkReachable(Outline flow) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    String start = Outline.text(flow.node().get("StartAt"));
    if (start == null) {
      // The missing StartAt was reported; that all states are unreachable is only its echo.
      return;
    }
    open.add(start);
    while (!open.isEmpty()) {
      String name = open.remove();
      Outline.State state = flow.states().get(name);
      if (state != null && reached.add(name)) {
        state.targets().forEach(target -> open.add((String) target.json()));
      }
    }
    for (Outline.State state : flow.states().values()) {
      if (!reached.contains(state.name())) {
        problems.errorAtName(
            MISSING_TRANSITION_TARGET,
            state.node().path(),
            state.nameAt(),
            "State \"" + state.name() + "\" is not reachable.");
      }
    }
  }

  private static boolean ends(Outline.State state) {
    return state.type() == StateType.SUCCEED
        || state.type() == StateType.FAIL
        || state.node().get("End") instanceof Node.Scalar end && end.json().equals(Boolean.TRUE);
  }
}
