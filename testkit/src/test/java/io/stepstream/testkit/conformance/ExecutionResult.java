package io.stepstream.testkit.conformance;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an execution.
 *
 * @param output JSON text; null unless it succeeded
 * @param history the events as GetExecutionHistory tells them, oldest first
 * @param waitsFor why it is still running, as far as that is known
 */
public record ExecutionResult(
    String status,
    @Nullable String output,
    @Nullable String error,
    @Nullable String cause,
    List<Map<String, Object>> history,
    List<String> waitsFor) {}
