package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.history.HistoryEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One execution, step by step: the caller sends events and moves the clock. {@link Simulation} runs
 * one to its end. Not thread safe.
 */
public final class SimulatedExecution {

  private record Timer(Effect.Schedule schedule, long order) {}

  private static final Comparator<Timer> BY_DUE =
      Comparator.<Timer>comparingLong(t -> t.schedule().dueMillis())
          .thenComparingLong(Timer::order);

  private final Machine machine;
  private final String region;
  private final Limits limits;
  private final Activities activities;
  private final InMemoryRows rows = new InMemoryRows();
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<Effect.Dispatch> dispatched = new ArrayList<>();
  private final List<Effect> requests = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>(BY_DUE);
  private Effect.@Nullable Close close;
  private long now;
  private long timersSoFar;

  /**
   * @param startMillis where the clock stands, in milliseconds since the epoch
   */
  public SimulatedExecution(Machine machine, String region, Limits limits, long startMillis) {
    this(machine, region, limits, _ -> true, startMillis);
  }

  /**
   * @param startMillis where the clock stands, in milliseconds since the epoch
   */
  public SimulatedExecution(
      Machine machine, String region, Limits limits, Activities activities, long startMillis) {
    this.activities = activities;
    this.machine = machine;
    this.region = region;
    this.limits = limits;
    this.now = startMillis;
  }

  /** Lets an event happen now. A rejected one changes nothing. */
  public Decision send(Event event) {
    Decision decision =
        Engine.step(
            machine,
            rows,
            event,
            new StepContext(now, region, limits, TaskTokens.unprotected(), activities));
    decision.effects().forEach(this::apply);
    return decision;
  }

  private void apply(Effect effect) {
    rows.apply(effect);
    switch (effect) {
      case Effect.Record(HistoryEvent event) -> history.add(event);
      case Effect.Dispatch dispatch -> dispatched.add(dispatch);
      case Effect.Send _, Effect.ReadItems _, Effect.WriteObject _, Effect.PublishResults _ ->
          requests.add(effect);
      case Effect.Schedule timer -> timers.add(new Timer(timer, timersSoFar++));
      case Effect.Cancel(TimerKey timer, long due) ->
          timers.removeIf(
              t -> t.schedule().timer().equals(timer) && t.schedule().dueMillis() == due);
      case Effect.Close closing -> {
        // A redrive that fails at once again ends the same execution in its own step.
        if (close != null
            && close.execution().redriveCount() == closing.execution().redriveCount()) {
          throw new IllegalStateException("the execution closed twice");
        }
        close = closing;
      }
      case Effect.PutExecution(Execution changed) -> {
        if (changed.running()) {
          close = null; // it has been redriven
        }
      }
      case Effect.PutMapRun _,
          Effect.PutFrame _,
          Effect.Vanish _,
          Effect.DeleteFrame _,
          Effect.PutValue _,
          Effect.DeleteValue _,
          Effect.Withdraw _,
          // The workers of a simulation tell the ends of tasks, not of jobs.
          Effect.OfJob _,
          Effect.Abandon _,
          Effect.Attempted _,
          Effect.PurgeValues _ -> {}
    }
  }

  /** Where the clock stands, in milliseconds since the epoch. */
  public long now() {
    return now;
  }

  /** Moves the clock without firing what is due; it never goes back. */
  public void moveTo(long millis) {
    now = Math.max(now, millis);
  }

  /** When the next timer is due; null: none is set. */
  public @Nullable Long nextTimerMillis() {
    Timer next = timers.peek();
    return next == null ? null : next.schedule().dueMillis();
  }

  /**
   * Moves the clock to the next timer and fires it.
   *
   * @throws java.util.NoSuchElementException when none is set
   */
  public Decision fireNextTimer() {
    Effect.Schedule next = timers.remove().schedule();
    moveTo(next.dueMillis());
    return send(new Event.TimerFired(next.timer()));
  }

  /** Every attempt that was ever handed over, in that order. */
  public List<Effect.Dispatch> dispatched() {
    return Collections.unmodifiableList(dispatched);
  }

  /**
   * What the execution has asked of the world besides its tasks, in order: events for others,
   * {@link Effect.Send}, and what a distributed Map reads and writes, {@link Effect.ReadItems},
   * {@link Effect.WriteObject} and {@link Effect.PublishResults}.
   */
  public List<Effect> requests() {
    return Collections.unmodifiableList(requests);
  }

  /** Whether the execution still waits for the answer of that very attempt. */
  public boolean isOpen(Effect.Dispatch attempt) {
    Frame frame = rows.frame(attempt.frameId());
    return frame != null
        && frame.epoch() == attempt.epoch()
        && frame.awaits() instanceof Awaits.Task;
  }

  /** The history so far. */
  public List<HistoryEvent> history() {
    return Collections.unmodifiableList(history);
  }

  /** How the execution has ended; null: it runs. */
  public Effect.@Nullable Close end() {
    return close;
  }

  /** What the execution keeps between steps. */
  public InMemoryRows rows() {
    return rows;
  }
}
