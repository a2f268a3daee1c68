package io.stepstream.asl.expr;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can see.
 *
 * @param input JSONPath's {@code $}; JSONata's {@code $states.input}
 * @param context the context object: JSONPath's {@code $$}, JSONata's {@code $states.context}
 * @param result JSONata's {@code $states.result}, absent before a Task, Map or Parallel state has
 *     its result
 * @param errorOutput JSONata's {@code $states.errorOutput}, present in a Catch only
 * @param variables the workflow variables in sight, inner scopes already laid over outer ones
 * @param entropy the source of time and randomness, so that evaluating twice gives the same value
 */
public record Scope(
    Object input,
    Map<String, Object> context,
    @Nullable Object result,
    @Nullable Object errorOutput,
    Map<String, Object> variables,
    Entropy entropy) {

  public Scope withInput(Object newInput) {
    return new Scope(newInput, context, result, errorOutput, variables, entropy);
  }

  public Scope withResult(Object newResult) {
    return new Scope(input, context, newResult, errorOutput, variables, entropy);
  }

  public Scope withErrorOutput(Object newErrorOutput) {
    return new Scope(input, context, result, newErrorOutput, variables, entropy);
  }
}
