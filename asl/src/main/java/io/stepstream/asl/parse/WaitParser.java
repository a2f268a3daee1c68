package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Expressions;
import io.stepstream.asl.expr.ResultType;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.Wording;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class WaitParser {

  private static final List<String> JSON_PATH =
      List.of("SecondsPath", "Seconds", "TimestampPath", "Timestamp");
  private static final List<String> JSONATA = List.of("Seconds", "Timestamp");
  private static final Range SECONDS = Range.integer(0, Range.UNBOUNDED);

  private WaitParser() {}

  static @Nullable State parse(StateContext state) {
    DataFlow data = DataFlows.parse(state);
    Fields fields = state.fields();
    String field = fields.exactlyOne(state.isJsonata() ? JSONATA : JSON_PATH);
    Expression until =
        switch (field) {
          case "Seconds" -> state.expressions().number(fields, "Seconds", SECONDS);
          case "Timestamp" -> timestamp(state);
          case null -> null;
          default -> state.expressions().referencePath(fields.get(field));
        };
    Transition transition = Transitions.parse(state);
    return data == null || field == null || until == null || transition == null
        ? null
        : new State.Wait(
            state.name(), state.language(), data, until, field.startsWith("Timestamp"), transition);
  }

  private static @Nullable Expression timestamp(StateContext state) {
    Node node = state.fields().get("Timestamp");
    String text = state.fields().text("Timestamp");
    if (node == null || text == null) {
      return null;
    }
    if (state.isJsonata() && (text.startsWith("{%") || text.endsWith("%}"))) {
      return state.expressions().jsonata(node, ResultType.STRING);
    }
    if (!Timestamps.isValid(text)) {
      state.problems().schema(node, Wording.NOT_A_TIMESTAMP);
      return null;
    }
    return Expressions.constant(text);
  }
}
