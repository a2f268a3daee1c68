package io.stepstream.coordinator.api;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the API takes from an HTTP request.
 *
 * @param target the header X-Amz-Target
 * @param authorization the header Authorization
 * @param traceHeader the header X-Amzn-Trace-Id
 * @param forwarded by another node, which took this one for the one that can answer
 * @param gone completes when the client has gone, or has been answered
 */
record HttpCall(
    @Nullable String target,
    @Nullable String authorization,
    @Nullable String traceHeader,
    boolean forwarded,
    CompletionStage<?> gone,
    byte[] body) {}
