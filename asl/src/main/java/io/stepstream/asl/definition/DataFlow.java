package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.ResultPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How data flows through a state, in the form of the state's query language. Absent fields are
 * null.
 */
public sealed interface DataFlow {

  /** Variables to assign when the state is left; empty: none. */
  Map<String, Expression> assign();

  /**
   * @param inputPath null: the whole input; {@code InputPath: null} is compiled to an expression
   *     that gives {@code {}}
   * @param parameters the payload template
   * @param resultPath where the result goes into the raw input
   */
  record JsonPath(
      @Nullable Expression inputPath,
      @Nullable Expression parameters,
      @Nullable Expression resultSelector,
      ResultPath resultPath,
      @Nullable Expression outputPath,
      Map<String, Expression> assign)
      implements DataFlow {}

  record Jsonata(
      @Nullable Expression arguments, @Nullable Expression output, Map<String, Expression> assign)
      implements DataFlow {}
}
