package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What only a Map state with {@code ProcessorConfig.Mode} DISTRIBUTED has. It is parsed and
 * validated; the coordinator doesn't run it yet and says so when the state is entered.
 *
 * @param express true: the child executions are Express
 */
public record Distributed(
    boolean express,
    @Nullable String label,
    @Nullable Expression itemReader,
    @Nullable Expression itemBatcher,
    @Nullable Expression resultWriter,
    @Nullable Expression toleratedFailureCount,
    @Nullable Expression toleratedFailurePercentage) {}
