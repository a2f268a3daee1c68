package io.stepstream.loadtests;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What committed histories tell of executions with one task each. Not thread safe.
 *
 * <p>No task is lost when each execution has ended well, and none was applied twice when each has
 * one result.
 */
final class AppliedTasks {

  private final Set<String> started;
  private final Map<String, Integer> results = new HashMap<>();
  private final Map<String, Integer> ends = new HashMap<>();
  private final Set<String> unknown = new HashSet<>();

  /**
   * @param started ARNs of all that were started
   */
  AppliedTasks(Set<String> started) {
    this.started = Set.copyOf(started);
  }

  /** A committed record. */
  void add(HistoryRecord record) {
    String arn = record.getExecutionArn();
    for (HistoryEvent event : record.getEvents()) {
      switch (event.getType()) {
        case TaskSucceeded,
            TaskFailed,
            TaskTimedOut,
            LambdaFunctionSucceeded,
            LambdaFunctionFailed,
            LambdaFunctionTimedOut ->
            results.merge(arn, 1, Integer::sum);
        case ExecutionSucceeded -> {
          ends.merge(arn, 1, Integer::sum);
          if (!started.contains(arn)) {
            unknown.add(arn);
          }
        }
        default -> {
          // Says nothing of results or ends.
        }
      }
    }
  }

  long started() {
    return started.size();
  }

  /** Of those that were started, how many have ended well. */
  long ended() {
    return started.stream().filter(ends::containsKey).count();
  }

  /** What is wrong, a sentence each; none: nothing. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    long lost = started() - ended();
    if (lost > 0) {
      failures.add("%d executions have not succeeded".formatted(lost));
    }
    long twice =
        results.values().stream().filter(n -> n > 1).count()
            + ends.values().stream().filter(n -> n > 1).count();
    if (twice > 0) {
      failures.add("%d executions have more than one result or end".formatted(twice));
    }
    long without = ends.keySet().stream().filter(arn -> !results.containsKey(arn)).count();
    if (without > 0) {
      failures.add("%d executions have ended without a result".formatted(without));
    }
    if (!unknown.isEmpty()) {
      failures.add("%d executions have ended that nobody has started".formatted(unknown.size()));
    }
    return failures;
  }
}
