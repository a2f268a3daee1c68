package io.stepstream.coordinator.execution;

import java.util.List;

/**
 * A stretch of a list of executions.
 *
 * @param more whether others follow
 */
public record ExecutionPage(List<ListedExecution> executions, boolean more) {

  public ExecutionPage {
    executions = List.copyOf(executions);
  }
}
