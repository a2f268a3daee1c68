package io.stepstream.asl.parse;

import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.ErrorHandling.Catcher;
import io.stepstream.asl.definition.ErrorHandling.Retrier;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.ResultPath;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code Retry} and {@code Catch}. */
final class ErrorHandlings {

  private static final String ALL = "States.ALL";
  private static final int MAX_DELAY_SECONDS = 31_622_400;
  private static final List<String> JITTER = List.of("NONE", "FULL");
  private static final Set<String> RETRIER_FIELDS =
      Set.of(
          "ErrorEquals",
          "IntervalSeconds",
          "MaxAttempts",
          "BackoffRate",
          "MaxDelaySeconds",
          "JitterStrategy",
          "Comment");
  private static final Set<String> CATCHER_FIELDS =
      Set.of("ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment");

  private final StateContext state;

  private ErrorHandlings(StateContext state) {
    this.state = state;
  }

  static ErrorHandling parse(StateContext state) {
    ErrorHandlings parser = new ErrorHandlings(state);
    List<Retrier> retriers = new ArrayList<>();
    List<Catcher> catchers = new ArrayList<>();
    for (Fields fields : parser.entries("Retry")) {
      Retrier retrier = parser.retrier(fields);
      if (retrier != null) {
        retriers.add(retrier);
      }
    }
    for (Fields fields : parser.entries("Catch")) {
      Catcher catcher = parser.catcher(fields);
      if (catcher != null) {
        catchers.add(catcher);
      }
    }
    return retriers.isEmpty() && catchers.isEmpty()
        ? ErrorHandling.NONE
        : new ErrorHandling(List.copyOf(retriers), List.copyOf(catchers));
  }

  private List<Fields> entries(String name) {
    List<Node> items = state.fields().items(name);
    List<Fields> entries = new ArrayList<>();
    for (Node item : items == null ? List.<Node>of() : items) {
      Node.Struct struct = state.fields().struct(item);
      if (struct != null) {
        checkAll(struct, item == items.getLast());
        entries.add(state.inner(struct));
      }
    }
    return entries;
  }

  private void checkAll(Node.Struct entry, boolean last) {
    if (entry.get("ErrorEquals") instanceof Node.Array errors
        && errors.json().contains(ALL)
        && !(last && errors.items().size() == 1)) {
      state.problems().schema(errors, ALL + " must appear alone and at end of list");
    }
  }

  private @Nullable Retrier retrier(Fields fields) {
    fields.allow(RETRIER_FIELDS);
    fields.text("Comment");
    List<String> errors = errorEquals(fields, "ErrorEquals");
    Integer interval = fields.integer("IntervalSeconds", 0, Range.UNBOUNDED);
    Integer attempts = fields.integer("MaxAttempts", 0, Range.UNBOUNDED);
    Number rate = fields.number("BackoffRate", Range.decimal(1.0, null));
    Integer maxDelay = fields.integer("MaxDelaySeconds", 1, MAX_DELAY_SECONDS);
    String jitter = fields.text("JitterStrategy", JITTER);
    return errors == null
        ? null
        : new Retrier(
            errors,
            interval == null ? 1 : interval,
            attempts == null ? 3 : attempts,
            rate == null ? 2.0 : rate.doubleValue(),
            maxDelay,
            "FULL".equals(jitter));
  }

  private @Nullable Catcher catcher(Fields fields) {
    fields.allow(CATCHER_FIELDS);
    fields.text("Comment");
    List<String> errors = errorEquals(fields, "ErrorEquals", "Next");
    String next = fields.text("Next");
    checkLanguage(fields);
    ExpressionParser expressions = state.expressions();
    Map<String, Expression> assign = expressions.assign(fields.get("Assign"));
    ResultPath resultPath =
        expressions.resultPath(state.isJsonata() ? null : fields.get("ResultPath"));
    Expression output = state.isJsonata() ? expressions.jsonata(fields.get("Output")) : null;
    return errors == null || next == null || resultPath == null
        ? null
        : new Catcher(errors, next, resultPath, output, assign);
  }

  private void checkLanguage(Fields fields) {
    String foreign = state.isJsonata() ? "ResultPath" : "Output";
    if (fields.has(foreign)) {
      state
          .problems()
          .schemaOfField(fields.node(), foreign, Wording.wrongLanguage(foreign, state.language()));
    }
  }

  private @Nullable List<String> errorEquals(Fields fields, String... required) {
    fields.require(required);
    List<Node> items = fields.nonEmptyItems("ErrorEquals");
    if (items == null) {
      return null;
    }
    List<String> names = new ArrayList<>(items.size());
    for (Node item : items) {
      String name = fields.text(item);
      if (name != null) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }
}
