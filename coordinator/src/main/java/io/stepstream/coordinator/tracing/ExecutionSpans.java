package io.stepstream.coordinator.tracing;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.tracing.ExecutionTrace;
import io.stepstream.schemas.tracing.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of one execution of its history events, in their order. An event tells the one
 * that led to it, which leads to the visit that it belongs to; what is known is what is open.
 *
 * <p>Where the beginning is not known, since the history was not followed then, there is no span.
 * Not thread safe.
 */
final class ExecutionSpans {

  private static final String ENTERED = "StateEntered";
  private static final String EXITED = "StateExited";

  /**
   * Where an event was.
   *
   * @param visit null: between two states
   * @param scope the Map or Parallel state around it; null: none
   */
  private record Place(@Nullable Visit visit, @Nullable Visit scope) {
    static final Place TOP = new Place(null, null);
  }

  private final ExecutionTrace trace;
  private final String executionArn;
  private final String stateMachineArn;
  private final Consumer<FinishedSpan> finished;
  private final Map<Long, Place> places = new HashMap<>();
  private final Set<Visit> open = new LinkedHashSet<>();
  private @Nullable Instant start;
  private int redriveCount;
  private boolean ended;

  /**
   * @param redriveCount of the execution, before the first event that is taken
   */
  ExecutionSpans(
      ExecutionTrace trace,
      String executionArn,
      String stateMachineArn,
      int redriveCount,
      Consumer<FinishedSpan> finished) {
    this.trace = trace;
    this.executionArn = executionArn;
    this.stateMachineArn = stateMachineArn;
    this.redriveCount = redriveCount;
    this.finished = finished;
  }

  /** How much it remembers: events of what is open. */
  int remembered() {
    return places.size();
  }

  /** Whether the execution has ended, and nothing is remembered. */
  boolean isOver() {
    return ended;
  }

  /**
   * Takes the next event.
   *
   * @param event without sealed payloads
   */
  void take(HistoryEvent event) {
    String type = event.getType().name();
    HistoryEventDetails details = event.getDetails();
    switch (event.getType()) {
      case ExecutionStarted -> start = event.getTimestamp();
      case ExecutionRedriven -> {
        start = event.getTimestamp();
        Integer count = details == null ? null : details.getRedriveCount();
        redriveCount = count == null ? redriveCount + 1 : count;
        ended = false;
      }
      case ExecutionSucceeded -> end(event, null);
      case ExecutionFailed, ExecutionTimedOut, ExecutionAborted -> end(event, error(event));
      default -> {
        long previous = event.getPreviousEventId();
        Place before = previous == 0 ? Place.TOP : places.get(previous);
        if (type.endsWith(ENTERED)) {
          entered(event, type, before == null ? Place.TOP : before);
        } else if (before != null) {
          within(event, type, before);
        }
        // Only the next event refers to the place between two states.
        if (previous != 0 && before != null && before.visit == null) {
          places.remove(previous);
        }
      }
    }
  }

  private void entered(HistoryEvent event, String type, Place before) {
    Visit visit =
        new Visit(
            event.getId(),
            String.valueOf(event.getDetails() == null ? "" : event.getDetails().getName()),
            type.substring(0, type.length() - ENTERED.length()),
            event.getTimestamp(),
            before.visit == null ? before.scope : before.visit);
    open.add(visit);
    remember(event, visit);
  }

  private void within(HistoryEvent event, String type, Place before) {
    Visit visit = visit(event, type, before);
    if (visit == null) {
      return; // of no state, or of one that is over
    }
    if (type.endsWith(EXITED)) {
      close(visit, event.getTimestamp(), null);
      places.put(event.getId(), new Place(null, visit.scope));
      return;
    }
    remember(event, visit);
    if (type.endsWith("Scheduled")) {
      String resource = event.getDetails() == null ? null : event.getDetails().getResource();
      visit.attempt =
          new Visit.Attempt(event.getId(), ++visit.attempts, event.getTimestamp(), resource);
      visit.error = null;
    } else if (type.endsWith("Failed") || type.endsWith("TimedOut") || type.endsWith("Aborted")) {
      failed(event, type, visit);
    } else if (type.endsWith("Succeeded") && !isOfContainer(type)) {
      endAttempt(visit, event.getTimestamp(), null);
    }
  }

  private static boolean isOfContainer(String type) {
    return type.startsWith("Map") || type.startsWith("Parallel");
  }

  /** The visit that an event belongs to, by the place of the one before. */
  private static @Nullable Visit visit(HistoryEvent event, String type, Place before) {
    Visit visit = before.visit == null ? before.scope : before.visit;
    if (!isOfContainer(type)) {
      return visit;
    }
    String iterated =
        type.startsWith("MapIteration") && event.getDetails() != null
            ? event.getDetails().getName()
            : null;
    String container = type.startsWith("Map") ? "Map" : "Parallel";
    // What has failed in it is told before the container's own failure.
    while (visit != null
        && !(visit.type.equals(container)
            && (iterated == null
                ? !(visit.failed && type.endsWith("StateFailed"))
                : visit.state.equals(iterated)))) {
      visit = visit.scope;
    }
    return visit;
  }

  private void failed(HistoryEvent event, String type, Visit visit) {
    String error = error(event);
    if (type.endsWith("StateAborted")) {
      close(visit, event.getTimestamp(), error);
      return;
    }
    visit.error = error;
    if (!isOfContainer(type)) {
      endAttempt(visit, event.getTimestamp(), error);
      return;
    }
    visit.failed |= type.endsWith("StateFailed");
    if (visit.failed) {
      closeWithin(visit, event.getTimestamp(), error);
    }
  }

  private void end(HistoryEvent event, @Nullable String error) {
    closeWithin(null, event.getTimestamp(), error);
    if (start != null) {
      finished.accept(
          new FinishedSpan(
              FinishedSpan.Kind.EXECUTION,
              // arn:aws:states:REGION:ACCOUNT:stateMachine:NAME
              stateMachineArn.substring(stateMachineArn.lastIndexOf(':') + 1),
              trace.execution(redriveCount),
              caller(),
              List.of(),
              start,
              event.getTimestamp(),
              error,
              attributes()));
    }
    places.clear();
    start = null;
    ended = true;
  }

  private @Nullable TraceContext caller() {
    TraceContext caller = trace.caller();
    return caller == null || caller.spanId() == null ? null : caller;
  }

  /**
   * Ends all that is open within a state.
   *
   * @param container null: the execution
   */
  private void closeWithin(@Nullable Visit container, Instant at, @Nullable String error) {
    for (Visit visit : List.copyOf(open)) {
      if (container == null || visit.isWithin(container)) {
        close(visit, at, visit.error == null ? error : visit.error);
      }
    }
  }

  private void close(Visit visit, Instant at, @Nullable String error) {
    if (!open.remove(visit)) {
      return;
    }
    endAttempt(visit, at, error);
    visit.events.forEach(places::remove);
    List<TraceContext> links = new ArrayList<>();
    TraceContext parent = null;
    TraceContext scope = visit.scope == null ? null : trace.visit(visit.scope.enteredEventId);
    TraceContext execution = trace.execution(redriveCount);
    if (trace.isOneTrace()) {
      parent = scope == null ? execution : scope;
    } else {
      links.add(execution);
      if (scope != null) {
        links.add(scope);
      }
    }
    Map<String, String> attributes = attributes(visit);
    finished.accept(
        new FinishedSpan(
            FinishedSpan.Kind.VISIT,
            visit.state,
            trace.visit(visit.enteredEventId),
            parent,
            links,
            visit.start,
            at,
            error,
            attributes));
  }

  private void endAttempt(Visit visit, Instant at, @Nullable String error) {
    Visit.Attempt attempt = visit.attempt;
    if (attempt == null) {
      return;
    }
    visit.attempt = null;
    Map<String, String> attributes = attributes(visit);
    attributes.put("stepstream.attempt", Integer.toString(attempt.number()));
    if (attempt.resource() != null) {
      attributes.put("stepstream.resource", attempt.resource());
    }
    finished.accept(
        new FinishedSpan(
            FinishedSpan.Kind.ATTEMPT,
            visit.state + " attempt",
            trace.attempt(visit.enteredEventId, attempt.scheduledEventId()),
            trace.visit(visit.enteredEventId),
            List.of(),
            attempt.start(),
            at,
            error,
            attributes));
  }

  private Map<String, String> attributes(Visit visit) {
    Map<String, String> attributes = attributes();
    attributes.put("stepstream.state.name", visit.state);
    attributes.put("stepstream.state.type", visit.type);
    return attributes;
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("stepstream.execution.arn", executionArn);
    attributes.put("aws.step_functions.state_machine.arn", stateMachineArn);
    return attributes;
  }

  private void remember(HistoryEvent event, Visit visit) {
    places.put(event.getId(), new Place(visit, visit.scope));
    visit.events.add(event.getId());
  }

  /** The name of what went wrong; what has none, such as a stop without a reason, has its type. */
  private static String error(HistoryEvent event) {
    HistoryEventDetails details = event.getDetails();
    if (details != null && details.getError() != null) {
      return details.getError();
    }
    return event.getType() == HistoryEventType.ExecutionTimedOut
        ? "States.Timeout"
        : event.getType().name();
  }
}
