package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.ResultPath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Retriers and catchers, in the order in which they are tried. */
public record ErrorHandling(List<Retrier> retriers, List<Catcher> catchers) {

  public static final ErrorHandling NONE = new ErrorHandling(List.of(), List.of());

  /**
   * @param maxDelaySeconds null: the delay grows without a bound
   */
  public record Retrier(
      List<String> errorEquals,
      int intervalSeconds,
      int maxAttempts,
      double backoffRate,
      @Nullable Integer maxDelaySeconds,
      boolean fullJitter) {}

  /**
   * @param resultPath where the error output goes (JSONPath)
   * @param output the state's output (JSONata); null: the error output
   */
  public record Catcher(
      List<String> errorEquals,
      String next,
      ResultPath resultPath,
      @Nullable Expression output,
      Map<String, Expression> assign) {}
}
