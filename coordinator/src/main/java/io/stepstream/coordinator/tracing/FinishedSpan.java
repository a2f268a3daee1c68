package io.stepstream.coordinator.tracing;

import io.stepstream.schemas.tracing.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span as a tracing backend gets it.
 *
 * @param parent null: it is the root of its trace
 * @param links to spans of other traces
 * @param error AWS's name of it; null: nothing went wrong
 */
record FinishedSpan(
    Kind kind,
    String name,
    TraceContext context,
    @Nullable TraceContext parent,
    List<TraceContext> links,
    Instant start,
    Instant end,
    @Nullable String error,
    Map<String, String> attributes) {

  enum Kind {
    EXECUTION,
    VISIT,
    ATTEMPT
  }

  FinishedSpan {
    links = List.copyOf(links);
    attributes = Map.copyOf(attributes);
  }
}
