package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.MapRunSummary;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a decision changes in the rows of its execution or shard, and when what it leaves there is
 * cleaned up. Nothing here can fail but with Kafka.
 *
 * <p>Not thread safe: one per partition.
 */
final class StepRows {

  private final LaneSettings lane;
  private final ExecutionRows executions;
  private final MapRunRows mapRuns;
  private final TimerRows timers;
  private final TimerRows cleanUps;

  StepRows(
      LaneSettings lane,
      ExecutionRows executions,
      MapRunRows mapRuns,
      TimerRows timers,
      TimerRows cleanUps) {
    this.lane = lane;
    this.executions = executions;
    this.mapRuns = mapRuns;
    this.timers = timers;
    this.cleanUps = cleanUps;
  }

  /**
   * @param header as it is after the decision
   * @param stored whether the header has a row already
   * @param rested as {@link #restsSince} said before the decision
   */
  void write(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      @Nullable Instant rested,
      Decision decision,
      Seal seal,
      long nowMillis) {
    byte[] hash = key.hash16();
    for (Effect effect : decision.effects()) {
      write(key, hash, header, stored, effect, seal, nowMillis);
    }
    boolean vanishes = decision.effects().stream().anyMatch(Effect.Vanish.class::isInstance);
    endOfRest(hash, rested, vanishes ? null : restsSince(header));
  }

  private void write(
      ExecutionKey key,
      byte[] hash,
      ExecutionRow header,
      boolean stored,
      Effect effect,
      Seal seal,
      long nowMillis) {
    switch (effect) {
      case Effect.PutExecution _ -> header(hash, header, stored);
      case Effect.PutFrame put -> executions.putFrame(hash, put.frame(), seal);
      case Effect.DeleteFrame delete -> executions.deleteFrame(hash, delete.frameId());
      case Effect.PutValue put -> executions.putValue(hash, put.key(), put.json(), seal);
      case Effect.DeleteValue delete -> executions.deleteValue(hash, delete.key());
      case Effect.PurgeValues purge ->
          cleanUps.schedule(hash, purge.frameId(), TimerRow.PURGE, nowMillis, new byte[0]);
      case Effect.Schedule(TimerKey timer, long due) -> timers.schedule(hash, timer, due);
      case Effect.Cancel(TimerKey timer, long due) -> timers.cancel(hash, timer, due);
      case Effect.Dispatch _,
          Effect.OfJob _,
          Effect.Record _,
          Effect.Attempted _,
          Effect.Close _,
          Effect.Send _,
          Effect.Withdraw _,
          Effect.Abandon _,
          Effect.ReadItems _,
          Effect.WriteObject _,
          Effect.PublishResults _ -> {}
      case Effect.Vanish _ -> executions.deleteHeader(hash);
      case Effect.PutMapRun(MapRunSummary run) -> mapRun(key, run);
    }
  }

  /**
   * A closed Standard execution leaves a summary, which answers for its name, and for some time
   * what a redrive takes, unless it has succeeded; a closed Express execution leaves nothing, and
   * one that began and ended in one step never had a row.
   */
  private void header(byte[] hash, ExecutionRow header, boolean stored) {
    boolean closed = header.getStatus() != ExecutionStatus.RUNNING;
    if (!closed || !lane.express()) {
      executions.putHeader(hash, header);
    } else if (stored) {
      executions.deleteHeader(hash);
    }
    if (!closed || lane.express()) {
      return;
    }
    long ended = header.getStopDate().toEpochMilli();
    cleanUps.schedule(hash, 0, TimerRow.RETENTION, lane.dayOfRetention(ended), new byte[0]);
    if (header.getStatus() != ExecutionStatus.SUCCEEDED) {
      long due = lane.endOfRedrivePeriod(ended);
      cleanUps.schedule(hash, 0, TimerRow.REDRIVE_PERIOD, due, new byte[0]);
    }
  }

  private void mapRun(ExecutionKey key, MapRunSummary run) {
    if (lane.express()) {
      return; // nobody can ask for what Express executions have done
    }
    mapRuns.put(key, run);
    if (run.status() == MapRunSummary.Status.RUNNING && run.run().redriveCount() == 0) {
      long due = lane.dayOfRetention(run.run().startMillis());
      cleanUps.schedule(
          key.hash16(), run.run().container(), TimerRow.MAP_RUN_RETENTION, due, new byte[0]);
    }
  }

  /** Since when a shard rests; null: it does not, or the header is an execution's. */
  static @Nullable Instant restsSince(ExecutionRow header) {
    return header.getPart() instanceof ShardPart ? header.getStopDate() : null;
  }

  /** A shard's rest ends with the period in which its Map run can be redriven, if not before. */
  private void endOfRest(byte[] hash, @Nullable Instant before, @Nullable Instant now) {
    if (Objects.equals(before, now)) {
      return;
    }
    if (before != null) {
      long due = lane.endOfRedrivePeriod(before.toEpochMilli());
      cleanUps.cancel(hash, 0, TimerRow.REDRIVE_PERIOD, due);
    }
    if (now != null) {
      long due = lane.endOfRedrivePeriod(now.toEpochMilli());
      cleanUps.schedule(hash, 0, TimerRow.REDRIVE_PERIOD, due, new byte[0]);
    }
  }
}
