package io.stepstream.asl.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Timers are cancelled lazily: a row that is due soon stays, since its epoch makes it void when it
 * fires. One that is far away is deleted, or year-long rows would pile up; so is a Map run's watch,
 * which would outlive most Map runs.
 */
final class FarTimers {

  private static final long FAR_MILLIS = 60_000;

  private FarTimers() {}

  static void cancel(Frame frame, long nowMillis, List<Effect> effects) {
    switch (frame.awaits()) {
      case Awaits.Task task -> {
        cancel(frame, TimerKey.Purpose.TASK_TIMEOUT, task.timeoutMillis(), nowMillis, effects);
        cancel(frame, TimerKey.Purpose.HEARTBEAT, task.heartbeatDueMillis(), nowMillis, effects);
        if (task.job() != null) {
          Long look = task.job().nextLookMillis();
          cancel(frame, TimerKey.Purpose.JOB, look, nowMillis, effects);
        }
      }
      case Awaits.Time(long until) ->
          cancel(frame, TimerKey.Purpose.WAIT, until, nowMillis, effects);
      case Awaits.Retry(long until) ->
          cancel(frame, TimerKey.Purpose.RETRY, until, nowMillis, effects);
      case Awaits.MapRun _ -> {
        long due = MapRunBehavior.nextWatch(frame.enteredMillis(), nowMillis);
        effects.add(
            new Effect.Cancel(
                new TimerKey(frame.id(), frame.epoch(), TimerKey.Purpose.WATCH), due));
      }
      case Awaits.Continuation _,
          Awaits.Redrive _,
          Awaits.Branches _,
          Awaits.Items _,
          Awaits.Shard _ -> {}
    }
  }

  private static void cancel(
      Frame frame,
      TimerKey.Purpose purpose,
      @Nullable Long due,
      long nowMillis,
      List<Effect> effects) {
    if (due != null && due - nowMillis > FAR_MILLIS) {
      effects.add(new Effect.Cancel(new TimerKey(frame.id(), frame.epoch(), purpose), due));
    }
  }
}
