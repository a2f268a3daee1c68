package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.Wording;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class MapParser {

  private static final Set<String> PROCESSOR_FIELDS =
      Set.of("Comment", "StartAt", "States", "ProcessorConfig");
  private static final List<String> PROCESSORS = List.of("ItemProcessor", "Iterator");
  private static final List<String> SELECTORS = List.of("ItemSelector", "Parameters");
  private static final Range CONCURRENCY = Range.integerFrom(0);

  private final StateContext state;
  private final Fields fields;
  private final FlowParser flows;

  MapParser(StateContext state, FlowParser flows) {
    this.state = state;
    this.fields = state.fields();
    this.flows = flows;
  }

  @Nullable State parse() {
    DataFlow data = DataFlows.parseWithoutParameters(state);
    Expression items = items();
    Expression itemSelector = itemSelector();
    Expression maxConcurrency = numberOrPath("MaxConcurrency", CONCURRENCY);
    String processorField = fields.exactlyOne(PROCESSORS);
    Node.Struct processorNode = processorField == null ? null : fields.struct(processorField);
    Flow processor = null;
    Distributed distributed = null;
    if (processorNode != null) {
      state.inner(processorNode).allow(PROCESSOR_FIELDS);
      processor = flows.parse(processorNode);
      distributed = new DistributedParser(state, this).parse(processorNode);
    }
    ErrorHandling errorHandling = ErrorHandlings.parse(state);
    Transition transition = Transitions.parse(state);
    return data == null || processor == null || transition == null
        ? null
        : new State.MapState(
            state.name(),
            state.language(),
            data,
            items,
            state.isJsonata() && fields.get("Items") instanceof Node.Struct,
            itemSelector,
            maxConcurrency,
            processor,
            distributed,
            errorHandling,
            transition);
  }

  private @Nullable Expression items() {
    if (!state.isJsonata()) {
      return state.expressions().referencePath(fields.get("ItemsPath"));
    }
    Node node = fields.get("Items");
    if (node instanceof Node.Scalar scalar
        && !(scalar.json() instanceof String text
            && (text.startsWith("{%") || text.endsWith("%}")))) {
      state.problems().schema(node, Wording.expected("Array"));
      return null;
    }
    return state.expressions().jsonata(node);
  }

  private @Nullable Expression itemSelector() {
    if (state.isJsonata()) {
      return state.expressions().jsonata(fields.get("ItemSelector"));
    }
    fields.atMostOne(SELECTORS);
    return state
        .expressions()
        .payload(fields.get(fields.has("ItemSelector") ? "ItemSelector" : "Parameters"));
  }

  /** A number of the state: literal, JSONata expression, or JSONPath's field with Path. */
  @Nullable Expression numberOrPath(String name, Range range) {
    return numberOrPath(fields, name, range);
  }

  @Nullable Expression numberOrPath(Fields from, String name, Range range) {
    if (state.isJsonata()) {
      return state.expressions().number(from, name, range);
    }
    String pathName = name + "Path";
    from.atMostOne(List.of(name, pathName));
    return from.has(pathName)
        ? state.expressions().inputReferencePath(from.get(pathName))
        : state.expressions().number(from, name, range);
  }
}
