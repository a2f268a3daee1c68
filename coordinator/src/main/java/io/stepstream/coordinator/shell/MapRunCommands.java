package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.MapRunSummary;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.MapRunRows.Found;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunEnd;
import io.stepstream.schemas.MapRunStatus;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What users ask about Map runs. One lives beside the execution of its Map state, so all of it is
 * point reads here. Not thread safe: one per partition.
 */
final class MapRunCommands {

  private static final MapRunCounts UNKNOWN = new MapRunCounts(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);

  private final ExecutionRows executions;
  private final MapRunRows rows;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  MapRunCommands(ExecutionRows executions, MapRunRows rows, LongSupplier clock) {
    this.executions = executions;
    this.rows = rows;
    this.clock = clock;
  }

  Reply inspect(ExecutionKey mapRun) {
    Found found = rows.find(mapRun);
    if (found == null) {
      return new Reply.NoSuchMapRun();
    }
    MapRunStatus status = found.row().getStatus();
    MapRunEnd end = found.row().getEnd();
    Instant stopDate = end == null ? null : end.getStopDate();
    MapRunSummary underWay = underWay(found);
    if (underWay != null) {
      end = MapRunRows.end(underWay, found.row().getStartDate());
      stopDate = null;
    } else if (end == null) {
      // A bug ended its execution, whose frames are not read then: nobody has told how far it came.
      status = MapRunStatus.ABORTED;
      ExecutionRow header = executions.header(found.execution().hash16());
      stopDate = header == null ? null : header.getStopDate();
      end = new MapRunEnd(found.row().getStartDate(), 0, null, null, UNKNOWN, UNKNOWN);
    }
    return new Reply.MapRun(
        new MapRunDescription(
            mapRun.arn(),
            found.execution().arn(),
            status,
            found.row().getStartDate(),
            stopDate,
            end.getMaxConcurrency(),
            end.getToleratedCount() == null ? 0 : end.getToleratedCount(),
            end.getToleratedPercentage() == null ? 0 : end.getToleratedPercentage(),
            end.getChildren(),
            end.getItems(),
            found.row().getRedriveCount(),
            found.row().getRedriveDate(),
            isRedrivable(found, status)));
  }

  /**
   * Whether its failures may still be run again: it is under way, or its execution can be redriven.
   */
  private boolean isRedrivable(Found mapRun, MapRunStatus status) {
    ExecutionRow header = executions.header(mapRun.execution().hash16());
    return status == MapRunStatus.RUNNING
        || status != MapRunStatus.SUCCEEDED
            && header != null
            && RedriveRules.refusal(
                    ExecutionRows.status(header.getStatus()),
                    header.getStartDate().toEpochMilli(),
                    header.getStopDate() == null ? null : header.getStopDate().toEpochMilli(),
                    clock.getAsLong())
                == null;
  }

  /** Null: it has ended. */
  private @Nullable MapRunSummary underWay(Found mapRun) {
    if (mapRun.row().getStatus() != MapRunStatus.RUNNING) {
      return null;
    }
    byte[] hash = mapRun.execution().hash16();
    ExecutionRow header = executions.header(hash);
    return MapRunRows.underWay(
        mapRun, executions.view(hash, header).frame(mapRun.row().getFrameId()));
  }

  /** Whether it is the ARN of a Map run of this partition. */
  boolean isHere(ExecutionKey key) {
    return ExecutionKey.isMapRun(key.arn()) && rows.find(key) != null;
  }

  @Nullable Found find(ExecutionKey mapRun) {
    return rows.find(mapRun);
  }

  boolean hasEnded(Found mapRun) {
    return underWay(mapRun) == null;
  }

  static Event event(Found mapRun, UpdateMapRun update) {
    return new Event.MapRunUpdated(
        mapRun.row().getFrameId(),
        mapRun.row().getEpoch(),
        update.getMaxConcurrency(),
        update.getToleratedCount(),
        update.getToleratedPercentage());
  }

  Reply list(ExecutionKey execution, ListMapRuns asked) {
    List<Found> found = rows.list(execution, asked.getAfter(), asked.getMaxResults() + 1);
    boolean more = found.size() > asked.getMaxResults();
    return new Reply.MapRunsListed(
        new MapRunPage(
            found.stream().limit(asked.getMaxResults()).map(this::listed).toList(), more));
  }

  private MapRunPage.Listed listed(Found mapRun) {
    MapRunEnd end = mapRun.row().getEnd();
    return new MapRunPage.Listed(
        mapRun.container(),
        mapRun.row().getMapRunArn(),
        mapRun.row().getStartDate(),
        end == null ? null : end.getStopDate());
  }
}
