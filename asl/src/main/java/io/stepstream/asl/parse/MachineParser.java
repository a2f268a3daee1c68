package io.stepstream.asl.parse;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The top level of a definition. */
final class MachineParser {

  private static final Set<String> FIELDS =
      Set.of("Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version");

  private final Problems problems;

  MachineParser(Problems problems) {
    this.problems = problems;
  }

  @Nullable StateMachine parse(Node.Struct definition) {
    Fields fields = new Fields(definition, problems);
    fields.allow(FIELDS);
    fields.text("Version", List.of("1.0"));
    String comment = fields.text("Comment");
    QueryLanguage language = QueryLanguages.ofMachine(fields);
    Integer timeoutSeconds = fields.integer("TimeoutSeconds", 0, Range.UNBOUNDED);
    Flow flow = new FlowParser(language, problems).parse(definition);
    return flow == null ? null : new StateMachine(comment, language, timeoutSeconds, flow);
  }
}
