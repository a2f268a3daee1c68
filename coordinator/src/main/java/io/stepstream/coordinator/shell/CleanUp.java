package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.ShardPart;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what executions have left, a slice at a tick: the summaries of a whole day are due at one
 * moment and must be neither one transaction nor in the way of timers.
 */
final class CleanUp {

  private static final Logger LOG = LoggerFactory.getLogger(CleanUp.class);

  static final int CLEAN_UPS_PER_TICK = 200;
  private static final long TICK_BUDGET_NANOS = 2_000_000;

  private static final int PURGED_PER_SLICE = 200;

  private final LaneSettings lane;
  private final ExecutionRows executions;
  private final MapRunRows mapRuns;
  private final TimerRows cleanUps;
  private final LongSupplier clock;
  private final TickBudget budget;

  /**
   * @param clock the partition's, which never goes back
   */
  CleanUp(
      LaneSettings lane,
      ExecutionRows executions,
      MapRunRows mapRuns,
      TimerRows cleanUps,
      LongSupplier clock,
      TickBudget budget) {
    this.lane = lane;
    this.executions = executions;
    this.mapRuns = mapRuns;
    this.cleanUps = cleanUps;
    this.clock = clock;
    this.budget = budget;
  }

  /** Does what there is time for, but something; false: there was nothing to do. */
  boolean tick() {
    BooleanSupplier timeIsUp = budget.spend(TICK_BUDGET_NANOS);
    return cleanUps.fire(clock.getAsLong(), CLEAN_UPS_PER_TICK, timeIsUp, this::clean) > 0;
  }

  private void clean(TimerRow cleanUp) {
    switch (cleanUp.purpose()) {
      case TimerRow.RETENTION -> {
        ExecutionRow header = executions.header(cleanUp.hash());
        if (header != null
            && hasEnded(header)
            && lane.dayOfRetention(header.getStopDate().toEpochMilli()) <= cleanUp.dueMillis()) {
          executions.deleteHeader(cleanUp.hash());
        }
      }
      case TimerRow.MAP_RUN_RETENTION -> {
        if (executions.header(cleanUp.hash()) == null) {
          mapRuns.forget(cleanUp.hash(), cleanUp.frameId());
        } else {
          long tomorrow = cleanUp.dueMillis() + LaneSettings.DAY_MILLIS;
          cleanUps.schedule(
              cleanUp.hash(), cleanUp.frameId(), TimerRow.MAP_RUN_RETENTION, tomorrow, new byte[0]);
        }
      }
      case TimerRow.REDRIVE_PERIOD -> {
        ExecutionRow header = executions.header(cleanUp.hash());
        if (header == null
            || header.getStopDate() != null
                && lane.endOfRedrivePeriod(header.getStopDate().toEpochMilli())
                    <= cleanUp.dueMillis()) {
          if (header != null && header.getPart() instanceof ShardPart) {
            executions.deleteHeader(cleanUp.hash()); // nobody asks for it by name
          }
          purge(cleanUp.hash(), ExecutionRows.EVERYTHING);
        }
      }
      case TimerRow.PURGE -> purge(cleanUp.hash(), cleanUp.frameId());
      default -> LOG.warn("A clean-up of unknown purpose {} is dropped", cleanUp.purpose());
    }
  }

  /** One that was redriven has not, or has a later clean-up for its later end. */
  private static boolean hasEnded(ExecutionRow header) {
    return header.getStatus() != ExecutionStatus.RUNNING;
  }

  private void purge(byte[] hash, long container) {
    if (executions.purge(hash, container, PURGED_PER_SLICE)) {
      cleanUps.schedule(hash, container, TimerRow.PURGE, clock.getAsLong() + 1, new byte[0]);
    }
  }
}
