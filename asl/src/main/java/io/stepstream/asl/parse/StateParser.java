package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.validate.StateFields;
import io.stepstream.asl.validate.StateType;
import org.jspecify.annotations.Nullable;

/** Any state: what all types share, then the type's own parser. */
final class StateParser {

  private final QueryLanguage machineLanguage;
  private final FlowParser flows;
  private final Problems problems;

  StateParser(QueryLanguage machineLanguage, FlowParser flows, Problems problems) {
    this.machineLanguage = machineLanguage;
    this.flows = flows;
    this.problems = problems;
  }

  @Nullable State parse(String name, Node.Struct node) {
    Fields fields = new Fields(node, problems);
    QueryLanguage language = QueryLanguages.ofState(fields, machineLanguage, problems);
    fields.require("Type");
    fields.text("Comment");
    String typeName = fields.text("Type", StateType.aslNames());
    StateType type = typeName == null ? null : StateType.of(typeName);
    if (type == null) {
      return null;
    }
    StateFields.check(node, type, language, problems);
    StateContext context =
        new StateContext(
            name, fields, new ExpressionParser(node.path(), language, problems), problems);
    return switch (type) {
      case TASK -> TaskParser.parse(context);
      case PASS -> SimpleStates.pass(context);
      case MAP -> new MapParser(context, flows).parse();
      case PARALLEL -> ParallelParser.parse(context, flows);
      case CHOICE -> new ChoiceParser(context).parse();
      case WAIT -> WaitParser.parse(context);
      case SUCCEED -> SimpleStates.succeed(context);
      case FAIL -> FailParser.parse(context);
    };
  }
}
