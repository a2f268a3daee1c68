package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a partition does at each tick: rounds of the timers that are due, then a slice of the
 * clean-up, each within a budget, so that timers, records and clean-up don't starve each other.
 *
 * <p>Not thread safe: one per partition.
 */
final class TimerRounds {

  private static final Logger LOG = LoggerFactory.getLogger(TimerRounds.class);

  private static final int TIMERS_PER_ROUND = 500;

  /** What due timers bring about. */
  interface Work {

    /** A timer of the engine's. */
    void fire(TimerRow timer, TimerKey engineTimer);

    /** A command that was parked, or a message from the partition itself. */
    void takeKept(TimerRow timer);

    /** After each timer, whatever it was. */
    void fired();
  }

  private final TimerRows timers;
  private final CleanUp cleanUp;
  private final LongSupplier messages;
  private final LongSupplier clock;
  private final TickBudget budget;
  private final Work work;

  /**
   * @param messages how many have stayed in the partition so far
   * @param clock the partition's, which never goes back
   */
  TimerRounds(
      TimerRows timers,
      CleanUp cleanUp,
      LongSupplier messages,
      LongSupplier clock,
      TickBudget budget,
      Work work) {
    this.timers = timers;
    this.cleanUp = cleanUp;
    this.messages = messages;
    this.clock = clock;
    this.budget = budget;
    this.work = work;
  }

  void tick() {
    budget.within(this::fireWhatIsDue);
    // Last, and by a budget of its own: it can wait, and must not wait for ever.
    if (cleanUp.tick()) {
      work.fired();
    }
  }

  private void fireWhatIsDue(BooleanSupplier timeIsUp) {
    long before;
    do {
      before = messages.getAsLong();
      timers.fire(clock.getAsLong(), TIMERS_PER_ROUND, timeIsUp, this::fire);
      // A child that is told to begin ends at once, often, and its shard begins the next one.
    } while (messages.getAsLong() > before && !timeIsUp.getAsBoolean());
  }

  private void fire(TimerRow timer) {
    TimerKey engineTimer = timer.engineTimer();
    if (engineTimer != null) {
      work.fire(timer, engineTimer);
    } else {
      switch (timer.purpose()) {
        case TimerRow.PARKED, TimerRow.MESSAGE -> work.takeKept(timer);
        default -> LOG.warn("A timer of unknown purpose {} is dropped", timer.purpose());
      }
    }
    work.fired();
  }
}
