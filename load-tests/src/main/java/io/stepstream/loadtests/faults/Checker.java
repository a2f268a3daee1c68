package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one checker of all invariants that records tell of. It is given everything that is committed,
 * each partition in its order, then the workers' books, then what was asked for.
 *
 * <p>Of Express executions it asks only for one end that is right: their histories may be repeated
 * (guarantees.md). Not thread safe.
 */
final class Checker {

  /** Clocks of the nodes may differ: they are those of one machine here. */
  private static final long EARLY_MILLIS = 1_000;

  /** How often an order may be run without an answer (ADR 0043). */
  private static final int MOST_RUNS = 5;

  private static final String WAIT = "Wait-";

  /** What is known of one Standard execution. */
  private static final class Told {
    int events;
    long latest;
    int entered;
    int exited;
    int endings;
    int completions;
    @Nullable ExecutionStatus ended;
    @Nullable End end;

    /** Empty when it has ended, or thousands of executions would be too much to remember. */
    Map<String, Long> waiting = new HashMap<>();

    Map<Long, Long> scheduledBy = new HashMap<>();
    Map<Long, Scheduled> scheduled = new HashMap<>();
    Set<Long> answered = new HashSet<>();
  }

  private record Scheduled(long at, @Nullable Long longestSeconds) {}

  private record End(
      ExecutionStatus status,
      @Nullable String output,
      @Nullable String error,
      @Nullable String cause,
      long began,
      Duration took) {}

  private record Named(String stateMachineArn, String name) {}

  private record Attempt(String arn, long frame, int epoch) {}

  private final BiConsumer<String, Violation> found;
  private final WrongClocks wrongClocks;
  private final Map<String, Told> executions = new HashMap<>();
  private final Map<Named, List<End>> express = new HashMap<>();
  private final Set<Attempt> ordered = new HashSet<>();
  private final Map<String, Integer> runs = new HashMap<>();
  private final List<Long> lateness = new ArrayList<>();

  /** Since what a record tells is checked before it is known who asked for it. */
  private final Map<String, List<Violation>> early = new LinkedHashMap<>();

  private long eventCount;

  /**
   * @param found gets each violation with the id of the fault in whose time the execution was
   *     started; empty: none
   * @param wrongClocks by which timers may have fired
   */
  Checker(BiConsumer<String, Violation> found, WrongClocks wrongClocks) {
    this.found = found;
    this.wrongClocks = wrongClocks;
  }

  /** A committed record of a history. */
  void history(HistoryRecord record) {
    if (record.getLane() != Lane.STANDARD) {
      return;
    }
    Told told = executions.computeIfAbsent(record.getExecutionArn(), _ -> new Told());
    for (HistoryEvent event : record.getEvents()) {
      eventCount++;
      order(record.getExecutionArn(), told, event);
      states(record.getExecutionArn(), told, event);
      tasks(record.getExecutionArn(), told, event);
      ends(told, event);
    }
  }

  private void order(String arn, Told told, HistoryEvent event) {
    long at = event.getTimestamp().toEpochMilli();
    if (event.getId() != told.events + 1L) {
      say(Invariant.I3, arn, "event %d follows event %d".formatted(event.getId(), told.events));
    }
    told.events = (int) event.getId();
    long cause = event.getPreviousEventId();
    if (cause < 0 || cause >= event.getId()) {
      say(Invariant.I3, arn, "event %d is caused by %d".formatted(event.getId(), cause));
    }
    if (at < told.latest) {
      say(
          Invariant.I3,
          arn,
          "event %d is %d ms before the one before it".formatted(event.getId(), told.latest - at));
    }
    told.latest = Math.max(told.latest, at);
    if (told.ended != null) {
      if (event.getType() == HistoryEventType.ExecutionRedriven) {
        told.ended = null;
      } else {
        say(Invariant.I2, arn, "%s follows the end, %s".formatted(event.getType(), told.ended));
      }
    }
  }

  private void states(String arn, Told told, HistoryEvent event) {
    String type = event.getType().name();
    String name = event.getDetails() == null ? null : event.getDetails().getName();
    long at = event.getTimestamp().toEpochMilli();
    if (type.endsWith("StateEntered")) {
      told.entered++;
      if (name != null && name.startsWith(WAIT)) {
        told.waiting.put(name, at);
      }
    } else if (type.endsWith("StateExited")) {
      told.exited++;
      Long since = name == null ? null : told.waiting.remove(name);
      if (since != null) {
        long due = since + Long.parseLong(name.substring(WAIT.length())) * 1_000;
        lateness.add(Math.max(0, at - due));
        if (at < due - early(since, at)) {
          say(Invariant.I6, arn, "%s ended %d ms too early".formatted(name, due - at));
        }
      }
    }
  }

  private void tasks(String arn, Told told, HistoryEvent event) {
    switch (event.getType()) {
      case TaskScheduled, LambdaFunctionScheduled, ActivityScheduled -> {
        told.scheduledBy.put(event.getId(), event.getId());
        told.scheduled.put(
            event.getId(),
            new Scheduled(event.getTimestamp().toEpochMilli(), longest(event.getDetails())));
      }
      case TaskStarted, LambdaFunctionStarted, ActivityStarted, TaskSubmitted -> {
        Long scheduled = told.scheduledBy.get(event.getPreviousEventId());
        if (scheduled != null) {
          told.scheduledBy.put(event.getId(), scheduled);
        }
      }
      case TaskSucceeded,
          TaskFailed,
          LambdaFunctionSucceeded,
          LambdaFunctionFailed,
          ActivitySucceeded,
          ActivityFailed ->
          answered(arn, told, event);
      case TaskTimedOut, LambdaFunctionTimedOut, ActivityTimedOut -> {
        Scheduled scheduled = answered(arn, told, event);
        if (scheduled != null && scheduled.longestSeconds() != null) {
          long due = scheduled.at() + scheduled.longestSeconds() * 1_000;
          long at = event.getTimestamp().toEpochMilli();
          if (at < due - early(scheduled.at(), at)) {
            say(
                Invariant.I6,
                arn,
                "the task of event %d timed out too early".formatted(event.getId()));
          }
        }
      }
      default -> {
        // Says nothing of a task.
      }
    }
  }

  /** By how many milliseconds a timer may be early. */
  private long early(long begin, long end) {
    return EARLY_MILLIS + wrongClocks.allowance(begin, end);
  }

  private @Nullable Scheduled answered(String arn, Told told, HistoryEvent event) {
    Long scheduled = told.scheduledBy.get(event.getPreviousEventId());
    if (scheduled == null) {
      say(
          Invariant.I4,
          arn,
          "event %d, %s, answers nothing that was asked".formatted(event.getId(), event.getType()));
      return null;
    }
    if (!told.answered.add(scheduled)) {
      say(
          Invariant.I4,
          arn,
          "event %d, %s, is a second result of the attempt of event %d"
              .formatted(event.getId(), event.getType(), scheduled));
    }
    return told.scheduled.get(scheduled);
  }

  private static @Nullable Long longest(@Nullable HistoryEventDetails details) {
    if (details == null) {
      return null;
    }
    Long timeout = details.getTimeoutInSeconds();
    Long heartbeat = details.getHeartbeatInSeconds();
    if (timeout == null || heartbeat == null) {
      return timeout == null ? heartbeat : timeout;
    }
    return Math.min(timeout, heartbeat);
  }

  private static void ends(Told told, HistoryEvent event) {
    ExecutionStatus status = HistoryHeaders.statusAfter(event.getType());
    if (status != ExecutionStatus.RUNNING) {
      told.ended = status;
      told.endings++;
      told.waiting = new HashMap<>();
      told.scheduled = new HashMap<>();
      told.scheduledBy = new HashMap<>();
      told.answered = new HashSet<>();
    }
  }

  /** A committed record of a completion. */
  void completed(ExecutionCompleted completed) {
    End end =
        new End(
            completed.getStatus(),
            completed.getOutput() == null ? null : Payloads.text(completed.getOutput()),
            completed.getError(),
            completed.getCause(),
            completed.getStartDate().toEpochMilli(),
            Duration.between(completed.getStartDate(), completed.getStopDate()));
    if (completed.getLane() == Lane.STANDARD) {
      Told told = executions.computeIfAbsent(completed.getExecutionArn(), _ -> new Told());
      told.completions++;
      told.end = end;
    } else {
      express
          .computeIfAbsent(
              new Named(completed.getStateMachineArn(), completed.getName()),
              _ -> new ArrayList<>())
          .add(end);
    }
  }

  /**
   * A committed order of a task.
   *
   * @param isRenewed a worker has published it anew, in place of the first
   */
  void ordered(TaskOrder order, boolean isRenewed) {
    Attempt attempt = new Attempt(order.getExecutionArn(), order.getFrameId(), order.getEpoch());
    if (order.getLane() == Lane.STANDARD && !isRenewed && !ordered.add(attempt)) {
      say(
          Invariant.I4,
          order.getExecutionArn(),
          "the attempt %d of frame %d is ordered twice"
              .formatted(order.getEpoch(), order.getFrameId()));
    }
  }

  /**
   * A worker has begun an attempt.
   *
   * @param attempt the worker's idempotency key
   */
  void invoked(String attempt) {
    runs.merge(attempt, 1, Integer::sum);
  }

  /** Everything was given: says what is wrong with it. */
  void conclude(Collection<Start> starts) {
    Map<String, Start> byArn = new HashMap<>();
    for (Start start : starts) {
      if (start.lane() == Lane.STANDARD) {
        byArn.put(start.arn(), start);
        standard(start, executions.get(start.arn()));
      } else {
        express(
            start,
            express.getOrDefault(new Named(start.stateMachineArn(), start.name()), List.of()));
      }
    }
    for (String arn : executions.keySet()) {
      if (!byArn.containsKey(arn)) {
        say(Invariant.I5, arn, "nobody has asked for it");
      }
    }
    runs.forEach(
        (attempt, times) -> {
          String arn = attempt.substring(0, attempt.indexOf('#'));
          if (times > MOST_RUNS && byArn.containsKey(arn)) {
            say(
                Invariant.I7,
                arn,
                "%s was run %d times, more than %d".formatted(attempt, times, MOST_RUNS));
          }
        });
    early.forEach(
        (arn, violations) -> {
          Start start = byArn.get(arn);
          violations.forEach(
              violation -> found.accept(start == null ? "" : start.during(), violation));
        });
  }

  private void standard(Start start, @Nullable Told told) {
    if (told == null || told.events == 0) {
      if (start.isAcknowledged()) {
        say(Invariant.I1, start.arn(), "it was acknowledged, and has no history");
      }
      return;
    }
    if (told.ended == null || told.end == null) {
      say(
          Invariant.I1,
          start.arn(),
          told.ended == null
              ? "it has not ended; event %d is its last".formatted(told.events)
              : "it has ended without a completion");
      return;
    }
    if (told.completions != told.endings) {
      say(
          Invariant.I2,
          start.arn(),
          "%d ends and %d completions".formatted(told.endings, told.completions));
    }
    if (told.end.status() != told.ended) {
      say(
          Invariant.I2,
          start.arn(),
          "its history ends in %s, its completion says %s"
              .formatted(told.ended, told.end.status()));
    }
    // What a redrive takes up again was entered before, and is left once.
    if (told.ended == ExecutionStatus.SUCCEEDED
        && told.endings == 1
        && told.entered != told.exited) {
      say(
          Invariant.I3,
          start.arn(),
          "%d states were entered and %d left".formatted(told.entered, told.exited));
    }
    right(start, start.arn(), told.end);
  }

  private void express(Start start, List<End> ends) {
    String subject = start.stateMachineArn() + ":" + start.name();
    if (ends.isEmpty() && start.isAcknowledged()) {
      found.accept(
          start.during(),
          new Violation(Invariant.I1, subject, "it was acknowledged, and has no completion"));
    }
    for (End end : ends) {
      String wrong = wrong(start.expected(), end);
      if (wrong != null) {
        found.accept(start.during(), new Violation(Invariant.I8, subject, wrong));
      }
    }
  }

  private void right(Start start, String arn, End end) {
    String wrong = wrong(start.expected(), end);
    if (wrong != null) {
      say(Invariant.I8, arn, wrong);
    }
    long shortBy = start.expected().least().minus(end.took()).toMillis();
    if (end.status() != ExecutionStatus.ABORTED
        && shortBy > early(end.began(), end.began() + end.took().toMillis())) {
      say(Invariant.I6, arn, "it has ended %d ms before its timers allow".formatted(shortBy));
    }
  }

  /** Null: it is what was expected. */
  private static @Nullable String wrong(Expected expected, End end) {
    if (!expected.statuses().contains(end.status())) {
      return "it ended in %s (%s, %s) instead of %s"
          .formatted(end.status(), end.error(), end.cause(), expected.statuses());
    }
    if (expected.error() != null && !expected.error().equals(end.error())) {
      return "its error is %s instead of %s".formatted(end.error(), expected.error());
    }
    if (expected.output() != null) {
      JsonNode output = end.output() == null ? null : Api.json(end.output());
      // By their text read anew, or the same number would differ by how it is held.
      if (!Api.json(expected.output().toString()).equals(output)) {
        return "its output is %s instead of %s"
            .formatted(shortened(String.valueOf(output)), shortened(expected.output().toString()));
      }
    }
    return null;
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private void say(Invariant invariant, String arn, String what) {
    early.computeIfAbsent(arn, _ -> new ArrayList<>()).add(new Violation(invariant, arn, what));
  }

  /** How many events of histories it was given. */
  long events() {
    return eventCount;
  }

  /** Milliseconds by which states that wait ended late, in no order. */
  List<Long> lateness() {
    return lateness;
  }

  /** How many attempts were run more than once, by the workers' books. */
  long repeatedRuns() {
    return runs.values().stream().filter(times -> times > 1).count();
  }

  /** What Express executions came to that had an end; of those that were asked for. */
  int expressCompletions() {
    return express.values().stream().mapToInt(List::size).sum();
  }
}
