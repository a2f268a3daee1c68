package io.stepstream.coordinator.execution;

import java.util.concurrent.CompletionStage;

/** Counts Standard executions over time. May lag behind by a moment. */
public interface ExecutionMetrics {

  /**
   * Counts what began and ended. An execution counts as it stands now: one that was redriven has
   * not failed, and has not ended before it does.
   *
   * @return completes with {@link Unavailable} while the index is being built
   */
  CompletionStage<MeasuredExecutions> measure(MetricsQuery query);
}
