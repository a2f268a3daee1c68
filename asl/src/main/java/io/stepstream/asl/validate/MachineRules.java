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
}
