package io.stepstream.coordinator.execution;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The Map runs of this installation's Standard executions, whichever partition they live on.
 *
 * <p>Every stage completes exceptionally only with {@link Unavailable}.
 */
public interface MapRuns {

  /** Empty: no such Map run. Of one under way, counts are as its shards have last reported. */
  CompletionStage<Optional<MapRunDescription>> describe(String mapRunArn);

  /** Changes a Map run while it is under way, at once. */
  CompletionStage<MapRunUpdate> update(String mapRunArn, MapRunChange change);

  /**
   * Up to {@code maxResults} Map runs of an execution, in the order of their beginnings. Empty: no
   * such execution.
   *
   * @param after the position of the last one that the caller has got; 0: begin with the first
   * @param maxResults at least 1
   */
  CompletionStage<Optional<MapRunPage>> list(String executionArn, long after, int maxResults);
}
