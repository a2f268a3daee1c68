package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to search for: all of it must match; what is null doesn't matter.
 *
 * @param text in the query language; see docs/search-and-events.md
 * @param machine the ARN of a state machine, or its name
 * @param statuses any of them; empty: all
 * @param oldestFirst false: the latest change comes first
 */
public record SearchQuery(
    @Nullable String text,
    @Nullable String machine,
    @Nullable String namePrefix,
    @Nullable String error,
    Set<ExecutionStatus> statuses,
    TimeRange started,
    TimeRange stopped,
    boolean oldestFirst) {

  public SearchQuery {
    // In the order of the enum, so that equal queries have equal texts on all nodes.
    statuses = Collections.unmodifiableSet(new TreeSet<>(statuses));
  }
}
