package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.ResultPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that shape a state's input and output, each absent from types which don't have it. */
final class DataFlows {

  private DataFlows() {}

  static @Nullable DataFlow parse(StateContext state) {
    return parse(state, "Parameters");
  }

  /** A Map's {@code Parameters} are its old name of ItemSelector and no part of the data flow. */
  static @Nullable DataFlow parseWithoutParameters(StateContext state) {
    return parse(state, null);
  }

  private static @Nullable DataFlow parse(StateContext state, @Nullable String parameters) {
    Fields fields = state.fields();
    ExpressionParser expressions = state.expressions();
    Map<String, Expression> assign = expressions.assign(fields.get("Assign"));
    if (state.isJsonata()) {
      return new DataFlow.Jsonata(
          expressions.jsonata(fields.get("Arguments")),
          expressions.jsonata(fields.get("Output")),
          assign);
    }
    ResultPath resultPath = expressions.resultPath(fields.get("ResultPath"));
    DataFlow.JsonPath data =
        resultPath == null
            ? null
            : new DataFlow.JsonPath(
                expressions.nullablePath(fields.get("InputPath")),
                parameters == null ? null : expressions.payload(fields.get(parameters)),
                expressions.payload(fields.get("ResultSelector")),
                resultPath,
                expressions.nullablePath(fields.get("OutputPath")),
                assign);
    return data;
  }
}
