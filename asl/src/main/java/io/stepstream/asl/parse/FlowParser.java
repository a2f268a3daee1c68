package io.stepstream.asl.parse;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.validate.Wording;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code StartAt} and {@code States}: of the machine, a branch or a processor. */
final class FlowParser {

  private final QueryLanguage machineLanguage;
  private final Problems problems;

  FlowParser(QueryLanguage machineLanguage, Problems problems) {
    this.machineLanguage = machineLanguage;
    this.problems = problems;
  }

  /** Reports what is wrong inside, and returns null when the flow has no usable frame. */
  @Nullable Flow parse(Node.Struct node) {
    Fields fields = new Fields(node, problems);
    fields.require("States", "StartAt");
    String startAt = fields.text("StartAt");
    Node.Struct states = fields.struct("States");
    if (states == null) {
      return null;
    }
    if (states.members().isEmpty()) {
      problems.schema(states, Wording.EMPTY);
    }
    StateParser parser = new StateParser(machineLanguage, this, problems);
    Map<String, State> parsed = LinkedHashMap.newLinkedHashMap(states.members().size());
    states
        .members()
        .forEach(
            (name, member) -> {
              Node.Struct struct = fields.struct(member.value());
              State state = struct == null ? null : parser.parse(name, struct);
              if (state != null) {
                parsed.put(name, state);
              }
            });
    return startAt == null
        ? null
        : new Flow(node.path().pointer(), startAt, Collections.unmodifiableMap(parsed));
  }
}
