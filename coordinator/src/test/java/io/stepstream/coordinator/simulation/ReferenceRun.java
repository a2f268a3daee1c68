package io.stepstream.coordinator.simulation;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.engine.TimerKey.Purpose;
import io.stepstream.asl.simulation.SimulatedExecution;
import io.stepstream.coordinator.shell.SimulatedShell;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.codec.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I8: the same machine, in memory, without partitions, stores and crashes, told of the same
 * outcomes in the same order, writes the same history. What happened next to it is read from the
 * history itself: the first event that the reference does not have yet tells what has come from
 * outside.
 */
final class ReferenceRun {

  /** Of one history; later ones are the first answer. */
  private static final int MOST_GUESSES = 10;

  private final List<HistoryEvent> real;
  private final SimulatedExecution reference;
  private final Map<TimerKey, Long> due = new HashMap<>();
  private final int guesses;
  private int guessed;

  /**
   * @param guesses a bit for each question that the history leaves open
   */
  private ReferenceRun(List<HistoryEvent> real, SimulatedExecution reference, int guesses) {
    this.real = real;
    this.reference = reference;
    this.guesses = guesses;
  }

  /**
   * @param real the history of an execution that has ended
   * @throws Violation when the reference goes another way
   */
  static void check(
      Machine machine, Event.Started started, Limits limits, List<HistoryEvent> real) {
    int open = 0;
    for (int guesses = 0; ; guesses++) {
      ReferenceRun run =
          new ReferenceRun(
              real,
              new SimulatedExecution(machine, "us-east-1", limits, started.startMillis()),
              guesses);
      try {
        run.toEnd(started);
        return;
      } catch (Violation violation) {
        open = Math.clamp(run.guessed, open, MOST_GUESSES);
        if (guesses + 1 >= 1 << open) {
          throw violation;
        }
      }
    }
  }

  private void toEnd(Event.Started started) {
    happens(started, real.get(Math.min(1, real.size() - 1)));
    while (reference.history().size() < real.size()) {
      HistoryEvent next = real.get(reference.history().size());
      happens(what(next), next);
    }
    if (reference.end() == null) {
      throw new Violation("I8", "the reference goes on behind the end of " + started.arn());
    }
  }

  private void happens(Event event, HistoryEvent first) {
    int before = reference.history().size();
    long now = first.getTimestamp().toEpochMilli();
    if (event instanceof Event.TimerFired(TimerKey timer) && due.getOrDefault(timer, 0L) > now) {
      throw new Violation("I6", "%s fires at %d, before %d".formatted(timer, now, due.get(timer)));
    }
    reference.moveTo(now);
    Decision decision = reference.send(event);
    if (decision.rejection() != null || reference.history().size() == before) {
      throw new Violation(
          "I8", "the reference has no use for %s, by which came %s".formatted(event, first));
    }
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Schedule(TimerKey timer, long dueMillis)) {
        due.put(timer, dueMillis);
      }
    }
    for (int i = before; i < reference.history().size(); i++) {
      HistoryEvent mine = SimulatedShell.event(reference.history().get(i));
      if (i >= real.size() || !mine.equals(real.get(i))) {
        throw new Violation(
            "I8",
            "after %s the reference has %s in place of %s"
                .formatted(event, mine, i < real.size() ? real.get(i) : "nothing"));
      }
    }
  }

  /** What has happened, by the first event that tells of it. */
  private Event what(HistoryEvent first) {
    HistoryEventType type = first.getType();
    if (type == HistoryEventType.ExecutionRedriven) {
      return new Event.RedriveRequested();
    }
    String name = type.name();
    if (name.endsWith("StateAborted")
        || name.equals("MapIterationAborted")
        || name.equals("ExecutionAborted")
        || name.equals("ExecutionTimedOut")) {
      return end(first);
    }
    Frame frame = frame(first);
    return switch (frame.awaits()) {
      case Awaits.Time _ -> fired(frame, Purpose.WAIT);
      case Awaits.Retry _ -> fired(frame, Purpose.RETRY);
      case Awaits.Continuation _ -> fired(frame, Purpose.CONTINUE);
      case Awaits.Task _ -> told(frame, first, name);
      default ->
          throw new Violation("I8", first + " comes while its frame waits for " + frame.awaits());
    };
  }

  private Frame frame(HistoryEvent first) {
    return reference.rows().frames().stream()
        .filter(f -> f.lastEventId() == first.getPreviousEventId())
        .filter(f -> !(f.awaits() instanceof Awaits.Branches || f.awaits() instanceof Awaits.Items))
        .min(Comparator.comparingLong(Frame::id))
        .orElseThrow(() -> new Violation("I8", "the reference does not wait for " + first));
  }

  private static Event fired(Frame frame, Purpose purpose) {
    return new Event.TimerFired(new TimerKey(frame.id(), frame.epoch(), purpose));
  }

  private Event told(Frame frame, HistoryEvent event, String type) {
    HistoryEventDetails details = event.getDetails();
    if (type.endsWith("Succeeded") || type.endsWith("Failed")) {
      checkAttempt(frame, event);
    }
    if (type.endsWith("Succeeded")) {
      return new Event.TaskSucceeded(
          frame.id(), frame.epoch(), Payloads.bytes(details.getOutput()));
    }
    if (type.endsWith("TimedOut")) {
      return timeout(frame, event);
    }
    if (type.endsWith("Submitted")) {
      return new Event.TaskSubmitted(
          frame.id(), frame.epoch(), Payloads.bytes(details.getOutput()));
    }
    return new Event.TaskFailed(frame.id(), frame.epoch(), details.getError(), details.getCause());
  }

  /** I4: a worker's result counts for the attempt that it is of. */
  private static void checkAttempt(Frame frame, HistoryEvent event) {
    HistoryEventDetails details = event.getDetails();
    String told =
        details.getOutput() == null
            ? String.valueOf(details.getCause())
            : new String(Payloads.bytes(details.getOutput()), StandardCharsets.UTF_8);
    if (told.contains(" of attempt ")
        && !told.contains(SimulatedWorkers.of(frame.id(), frame.epoch()))) {
      throw new Violation(
          "I4",
          "attempt %d/%d has taken the result of another: %s"
              .formatted(frame.id(), frame.epoch(), event));
    }
  }

  /**
   * The history does not always tell which time it was that was up: then one is guessed, and if
   * that leads nowhere, the other. A task's ends all tasks whose time is up in one step, a
   * heartbeat's its own only.
   */
  private Event timeout(Frame frame, HistoryEvent event) {
    Event timeout = fired(frame, Purpose.TASK_TIMEOUT);
    Event heartbeat = fired(frame, Purpose.HEARTBEAT);
    if (isDue(timeout, event) && isDue(heartbeat, event)) {
      return guess(List.of(timeout, heartbeat));
    }
    return isDue(timeout, event) ? timeout : heartbeat;
  }

  /** One of what it may have been, by as many bits as it takes to tell them apart. */
  private <T> T guess(List<T> open) {
    int chosen = 0;
    for (int bit = 1; bit < open.size(); bit <<= 1) {
      chosen += (guesses >> Math.min(guessed++, MOST_GUESSES) & 1) * bit;
    }
    return open.get(Math.min(chosen, open.size() - 1));
  }

  private boolean isDue(Event timer, HistoryEvent event) {
    TimerKey key = ((Event.TimerFired) timer).timer();
    return due.getOrDefault(key, Long.MAX_VALUE) <= event.getTimestamp().toEpochMilli();
  }

  /** Everything was aborted at once: by whom is told last. */
  private Event end(HistoryEvent first) {
    for (HistoryEvent event : real.subList((int) first.getId() - 1, real.size())) {
      switch (event.getType()) {
        case ExecutionAborted -> {
          return new Event.StopRequested(
              event.getDetails().getError(), event.getDetails().getCause());
        }
        case ExecutionTimedOut -> {
          return new Event.TimerFired(
              new TimerKey(
                  0, reference.rows().execution().redriveCount(), Purpose.EXECUTION_TIMEOUT));
        }
        // Of its own doing: it has passed through too many states.
        case ExecutionFailed -> {
          List<Frame> going =
              reference.rows().frames().stream()
                  .filter(f -> f.awaits() instanceof Awaits.Continuation)
                  .sorted(Comparator.comparingLong(Frame::id))
                  .toList();
          if (going.isEmpty()) {
            throw new Violation("I8", first + " is the end of nothing");
          }
          return fired(guess(going), Purpose.CONTINUE);
        }
        default -> {}
      }
    }
    throw new Violation("I8", first + " is the end of nothing");
  }
}
