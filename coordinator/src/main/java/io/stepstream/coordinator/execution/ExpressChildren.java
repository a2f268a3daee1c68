package io.stepstream.coordinator.execution;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Express child executions of Map runs. Of Express executions only those are described, as on AWS.
 * What is told may lag behind by a moment.
 */
public interface ExpressChildren {

  /**
   * Empty: no such child execution, or one of which nothing is kept any more.
   *
   * @return completes exceptionally only with {@link Unavailable}
   */
  CompletionStage<Optional<ExecutionDescription>> describe(String executionArn);
}
