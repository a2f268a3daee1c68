package io.stepstream.coordinator.simulation;

import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every committed record when it is committed.
 *
 * <ul>
 *   <li>I2 one terminal event for each life of an execution, and nothing after it
 *   <li>I3 event ids from 1 without gaps, causes before effects, time that does not go back
 *   <li>I4 one order for each attempt
 *   <li>I6 nothing happens before its time
 * </ul>
 *
 * <p>Express executions may do twice what they did before a crash: of theirs the latest counts.
 */
final class HistoryChecks {

  /** What is known of one execution. */
  static final class Told {
    final List<HistoryEvent> events = new ArrayList<>();
    final List<ExecutionCompleted> completions = new ArrayList<>();
    private @Nullable ExecutionStatus ended;
    int endings;

    /** Null: it runs, as far as its history tells. */
    @Nullable ExecutionStatus ended() {
      return ended;
    }
  }

  private record Attempt(String arn, long frame, int epoch) {}

  private final boolean exactlyOnce;
  private final Map<String, Told> executions = new LinkedHashMap<>();
  private final Set<Attempt> ordered = new HashSet<>();
  private final Map<String, Integer> seen = new TreeMap<>();

  HistoryChecks(boolean exactlyOnce) {
    this.exactlyOnce = exactlyOnce;
  }

  Map<String, Told> executions() {
    return executions;
  }

  /** How often each type of event has come. */
  Map<String, Integer> seen() {
    return seen;
  }

  /**
   * @param latest no node's clock is later
   * @param ofZombie its writer was replaced: another tells how the execution goes on
   */
  void history(HistoryRecord record, long latest, boolean ofZombie) {
    Told told = executions.computeIfAbsent(record.getExecutionArn(), _ -> new Told());
    for (HistoryEvent event : record.getEvents()) {
      seen.merge(event.getType().name(), 1, Integer::sum);
      if (exactlyOnce) {
        next(record.getExecutionArn(), told, event);
      } else if (!ofZombie) {
        told.ended = null;
      }
      if (event.getTimestamp().toEpochMilli() > latest) {
        throw new Violation("I6", event + " of " + record.getExecutionArn() + " is of the future");
      }
      told.events.add(event);
      ExecutionStatus status = HistoryHeaders.statusAfter(event.getType());
      if (status != ExecutionStatus.RUNNING && !ofZombie) {
        told.ended = status;
        told.endings++;
      }
    }
  }

  private static void next(String arn, Told told, HistoryEvent event) {
    if (event.getId() != told.events.size() + 1L) {
      throw new Violation(
          "I3", "event %d follows %d in %s".formatted(event.getId(), told.events.size(), arn));
    }
    if (event.getPreviousEventId() >= event.getId() || event.getPreviousEventId() < 0) {
      throw new Violation("I3", "event %s of %s has no cause".formatted(event, arn));
    }
    if (!told.events.isEmpty()
        && told.events.getLast().getTimestamp().isAfter(event.getTimestamp())) {
      throw new Violation("I3", "time goes back at event %s of %s".formatted(event, arn));
    }
    if (told.ended != null) {
      if (event.getType() != HistoryEventType.ExecutionRedriven) {
        throw new Violation("I2", "%s follows the end of %s".formatted(event, arn));
      }
      told.ended = null;
    }
  }

  void ordered(TaskOrder order) {
    Attempt attempt = new Attempt(order.getExecutionArn(), order.getFrameId(), order.getEpoch());
    if (exactlyOnce && !ordered.add(attempt)) {
      throw new Violation("I4", attempt + " is ordered twice");
    }
  }

  void completed(ExecutionCompleted completed) {
    executions
        .computeIfAbsent(completed.getExecutionArn(), _ -> new Told())
        .completions
        .add(completed);
  }
}
