package io.stepstream.asl.validate;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;

/** The rules over a machine as a whole. */
public final class MachineRules {

  private MachineRules() {}

  public static void check(Node.Struct machine, MachineType type, Problems problems) {
    Outline outline = Outline.of(machine);
    new TransitionRules(problems).check(outline);
    new NameRules(problems).check(outline);
    new VariableRules(problems).check(outline);
    new ExpressRules(problems).check(outline, type);
    new Hints(problems).check(outline);
  }

  /**
   * The rules that one state alone can break: where it leads to and which variables there are is
   * for the machine around it to say.
   *
   * @param machine a machine of just that state
   */
  public static void checkState(Node.Struct machine, Problems problems) {
    Outline outline = Outline.of(machine);
    new TransitionRules(problems).checkInner(outline);
    new NameRules(problems).check(outline);
  }
}
