package io.stepstream.coordinator.bulk;

import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkKind;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which executions an operation is for, page by page. */
final class BulkTargets {

  /** What can be redriven. */
  private static final Set<ExecutionStatus> FAILED =
      EnumSet.of(ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED);

  private static final Set<ExecutionStatus> RUNNING = EnumSet.of(ExecutionStatus.RUNNING);

  private BulkTargets() {}

  /**
   * One of them.
   *
   * @param position behind which the operation goes on when this is done with
   * @param redriven since the operation was made: it has nothing to do here
   */
  record Target(String executionArn, long position, boolean redriven) {}

  /** What is next. */
  sealed interface Page {

    /**
     * @param targets none: there are no more
     */
    record Of(List<Target> targets) implements Page {}

    /** Not now; why. */
    record Later(String reason) implements Page {}

    /** Never. */
    record Impossible(String reason) implements Page {}
  }

  /** Blocks. */
  static Page next(BulkOperation operation, long position, int most, ExecutionSearch search) {
    BulkFilter filter = operation.getFilter();
    if (filter == null) {
      List<String> arns = operation.getExecutionArns();
      int from = (int) Math.min(position, arns.size());
      List<String> page = arns.subList(from, Math.min(arns.size(), from + most));
      return new Page.Of(
          IntStream.range(0, page.size())
              .mapToObj(i -> new Target(page.get(i), from + i + 1L, false))
              .toList());
    }
    SearchQuery query = query(filter, operation.getKind(), operation.getCreationDate());
    if (query == null) {
      return new Page.Of(List.of());
    }
    return switch (search
        .search(query, position == 0 ? null : (Long) position, most)
        .toCompletableFuture()
        .join()) {
      case SearchOutcome.Malformed(int at, String what, String mend) ->
          new Page.Impossible("The filter can't be read at %d: %s. %s".formatted(at, what, mend));
      case SearchOutcome.TooSlow() -> new Page.Later("The search takes too long");
      // What began before the operation was made must be in the index, or it could be missed.
      case SearchOutcome.Found found
          when found.asOf() == null || found.asOf().isBefore(operation.getCreationDate()) ->
          new Page.Later("The index is behind");
      case SearchOutcome.Found found ->
          new Page.Of(
              found.executions().stream()
                  .map(one -> target(one.execution(), operation.getCreationDate()))
                  .toList());
    };
  }

  private static Target target(ListedExecution execution, Instant created) {
    return new Target(
        execution.executionArn(),
        execution.position(),
        execution.redriveDate() != null && !execution.redriveDate().isBefore(created));
  }

  /**
   * The search for what was there when the operation was made, in an order in which what the
   * operation changes comes behind what it hasn't seen. Null: nothing can match.
   */
  static @Nullable SearchQuery query(BulkFilter filter, BulkKind kind, Instant created) {
    Set<ExecutionStatus> statuses = EnumSet.copyOf(kind == BulkKind.STOP ? RUNNING : FAILED);
    if (!filter.getStatuses().isEmpty()) {
      statuses.retainAll(filter.getStatuses());
    }
    if (statuses.isEmpty()) {
      return null;
    }
    Instant startedBefore = filter.getStartedBefore();
    return new SearchQuery(
        filter.getText(),
        filter.getMachine(),
        filter.getNamePrefix(),
        filter.getError(),
        statuses,
        new TimeRange(
            filter.getStartedFrom(),
            startedBefore == null || startedBefore.isAfter(created) ? created : startedBefore),
        new TimeRange(filter.getStoppedFrom(), filter.getStoppedBefore()),
        true);
  }
}
