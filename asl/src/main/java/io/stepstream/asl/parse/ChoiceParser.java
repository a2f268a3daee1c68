package io.stepstream.asl.parse;

import io.stepstream.asl.definition.ChoiceRule;
import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Condition;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Expressions;
import io.stepstream.asl.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class ChoiceParser {

  private final StateContext state;
  private final ComparisonRules comparisons;

  ChoiceParser(StateContext state) {
    this.state = state;
    this.comparisons = new ComparisonRules(state.language(), state.problems());
  }

  @Nullable State parse() {
    Fields fields = state.fields();
    fields.require("Choices");
    DataFlow data = DataFlows.parse(state);
    String defaultNext = fields.text("Default");
    List<ChoiceRule> rules = new ArrayList<>();
    List<Node> nodes = fields.nonEmptyItems("Choices");
    for (Node node : nodes == null ? List.<Node>of() : nodes) {
      Node.Struct struct = fields.struct(node);
      ChoiceRule rule = struct == null ? null : rule(struct);
      if (rule != null) {
        rules.add(rule);
      }
    }
    return data == null
        ? null
        : new State.Choice(state.name(), state.language(), data, List.copyOf(rules), defaultNext);
  }

  private @Nullable ChoiceRule rule(Node.Struct node) {
    Fields fields = state.inner(node);
    fields.require("Next");
    fields.text("Comment");
    String next = fields.text("Next");
    ExpressionParser expressions = state.expressions();
    Map<String, Expression> assign = expressions.assign(fields.get("Assign"));
    Expression output = state.isJsonata() ? expressions.jsonata(fields.get("Output")) : null;
    Condition condition = comparisons.check(node) ? condition(node) : null;
    return condition == null || next == null
        ? null
        : new ChoiceRule(condition, next, output, assign);
  }

  private @Nullable Condition condition(Node.Struct node) {
    if (!state.isJsonata()) {
      return state
          .expressions()
          .compile(node, (_, location) -> Expressions.choiceRule(node.json(), location));
    }
    return state.expressions().compile(node.get("Condition"), Expressions::jsonataCondition);
  }
}
