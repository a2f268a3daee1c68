package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Condition;
import io.stepstream.asl.expr.Expression;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a Choice state.
 *
 * @param output the rule's own Output (JSONata); null: the state's
 * @param assign the rule's own Assign; it replaces the state's
 */
public record ChoiceRule(
    Condition condition,
    String next,
    @Nullable Expression output,
    Map<String, Expression> assign) {}
