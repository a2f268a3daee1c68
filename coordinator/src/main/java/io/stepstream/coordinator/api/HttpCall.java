package io.stepstream.coordinator.api;

import io.stepstream.coordinator.access.Origin;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the API takes from an HTTP request.
 *
 * @param target the header X-Amz-Target
 * @param authorization the header Authorization
 * @param traceHeader the header X-Amzn-Trace-Id
 * @param origin who calls, and whether another node has handed the call on, which took this one for
 *     the one that can answer
 * @param gone completes when the client has gone, or has been answered
 */
record HttpCall(
    @Nullable String target,
    @Nullable String authorization,
    @Nullable String traceHeader,
    Origin origin,
    CompletionStage<?> gone,
    byte[] body) {}
