package io.stepstream.coordinator.execution;

import java.util.concurrent.CompletionStage;

/** Lists executions. What it tells may lag behind by a moment, as on AWS. */
public interface ExecutionLists {

  /**
   * Executions that match, the latest first.
   *
   * @param before only those behind this position, see {@link ListedExecution#position}; {@link
   *     Long#MAX_VALUE}: from the start of the list
   * @return completes with {@link Unavailable} while the list is being built
   */
  CompletionStage<ExecutionPage> list(ExecutionQuery query, long before, int maxResults);
}
