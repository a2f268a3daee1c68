package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import java.util.concurrent.CompletionStage;

/**
 * Lists the Standard executions of machines, and the child executions of Map runs of either type. A
 * Map run's children are all of one type, so at most one index has any, and a page token is of that
 * one.
 */
public final class ListsOfBothLanes implements ExecutionLists {

  private final ExecutionLists standard;
  private final ExecutionLists expressChildren;

  public ListsOfBothLanes(ExecutionLists standard, ExecutionLists expressChildren) {
    this.standard = standard;
    this.expressChildren = expressChildren;
  }

  @Override
  public CompletionStage<ExecutionPage> list(ExecutionQuery query, long before, int maxResults) {
    if (query.mapRunArn() == null) {
      return standard.list(query, before, maxResults);
    }
    return standard
        .list(query, before, maxResults)
        .thenCombine(
            expressChildren.list(query, before, maxResults),
            (one, other) -> one.executions().isEmpty() ? other : one);
  }
}
