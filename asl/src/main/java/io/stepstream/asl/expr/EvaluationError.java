package io.stepstream.asl.expr;

import org.jspecify.annotations.Nullable;

/**
 * Why an expression has no value.
 *
 * @param error the reserved error name, for example {@code States.QueryEvaluationError}
 * @param cause AWS's wording, without the sentence about the state and the event id which the
 *     engine puts before it
 * @param location the field that holds the expression, relative to its state, for example {@code
 *     Output/a/b}; null: what failed is in no field
 */
public record EvaluationError(String error, String cause, @Nullable String location) {}
