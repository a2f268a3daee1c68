package io.stepstream.coordinator.execution;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds Standard executions by what they are and what they say. May lag behind by a moment. */
public interface ExecutionSearch {

  /**
   * A stretch of what matches.
   *
   * @param beyond only what comes after this position in the query's order, see {@link
   *     ListedExecution#position}; null: from the start
   * @return completes with {@link Unavailable} while the index is being built
   */
  CompletionStage<SearchOutcome> search(SearchQuery query, @Nullable Long beyond, int limit);
}
