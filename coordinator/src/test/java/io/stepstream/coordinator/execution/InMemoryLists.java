package io.stepstream.coordinator.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lists what it has been given. */
public final class InMemoryLists implements ExecutionLists {

  private final List<ListedExecution> executions = new ArrayList<>();

  public synchronized void add(ListedExecution execution) {
    executions.add(execution);
  }

  @Override
  public synchronized CompletionStage<ExecutionPage> list(
      ExecutionQuery query, long before, int maxResults) {
    List<ListedExecution> found =
        executions.stream()
            .filter(e -> e.position() < before)
            .filter(
                e ->
                    query.stateMachineArn() == null
                        || query.stateMachineArn().equals(e.stateMachineArn()))
            .filter(
                e ->
                    query.stateMachineVersionArn() == null
                        || query.stateMachineVersionArn().equals(e.stateMachineVersionArn()))
            .filter(
                e ->
                    query.stateMachineAliasArn() == null
                        || query.stateMachineAliasArn().equals(e.stateMachineAliasArn()))
            .filter(e -> query.mapRunArn() == null || query.mapRunArn().equals(e.mapRunArn()))
            .filter(e -> query.statuses().isEmpty() || query.statuses().contains(e.status()))
            .filter(e -> query.redriven() == null || query.redriven() == (e.redriveCount() > 0))
            .filter(e -> isWithin(query.stopped(), e.stopDate()))
            .sorted(Comparator.comparingLong(ListedExecution::position).reversed())
            .toList();
    return CompletableFuture.completedFuture(
        new ExecutionPage(
            found.subList(0, Math.min(maxResults, found.size())), found.size() > maxResults));
  }

  private static boolean isWithin(TimeRange range, @Nullable Instant when) {
    return range.equals(TimeRange.ANY)
        || when != null
            && (range.from() == null || !when.isBefore(range.from()))
            && (range.before() == null || when.isBefore(range.before()));
  }
}
