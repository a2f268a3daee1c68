package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what executions have left, a slice at a time. */
final class CleanUp {

  private static final Logger LOG = LoggerFactory.getLogger(CleanUp.class);

  private static final int PURGED_PER_SLICE = 200;

  private final ExecutionRows executions;
  private final MapRunRows mapRuns;
  private final TimerRows timers;
  private final LongSupplier clock;

  CleanUp(ExecutionRows executions, MapRunRows mapRuns, TimerRows timers, LongSupplier clock) {
    this.executions = executions;
    this.mapRuns = mapRuns;
    this.timers = timers;
    this.clock = clock;
  }

  void take(TimerRow timer) {
    switch (timer.purpose()) {
      case TimerRow.RETENTION -> {
        ExecutionRow header = executions.header(timer.hash());
        if (header != null && header.getStatus() != ExecutionStatus.RUNNING) {
          executions.deleteHeader(timer.hash());
        }
      }
      case TimerRow.MAP_RUN_RETENTION -> {
        if (executions.header(timer.hash()) == null) {
          mapRuns.forget(timer.hash(), timer.frameId());
        } else {
          long tomorrow = timer.dueMillis() + LaneSettings.DAY_MILLIS;
          timers.schedule(
              timer.hash(), timer.frameId(), TimerRow.MAP_RUN_RETENTION, tomorrow, new byte[0]);
        }
      }
      case TimerRow.PURGE -> {
        if (executions.purge(timer.hash(), timer.frameId(), PURGED_PER_SLICE)) {
          timers.schedule(
              timer.hash(), timer.frameId(), TimerRow.PURGE, clock.getAsLong() + 1, new byte[0]);
        }
      }
      default -> LOG.warn("A timer of unknown purpose {} is dropped", timer.purpose());
    }
  }
}
