package io.stepstream.asl.definition;

import org.jspecify.annotations.Nullable;

/**
 * A whole definition.
 *
 * @param timeoutSeconds bounds the whole execution; null: only the lane's own limit does
 */
public record StateMachine(
    @Nullable String comment,
    QueryLanguage queryLanguage,
    @Nullable Integer timeoutSeconds,
    Flow flow) {}
