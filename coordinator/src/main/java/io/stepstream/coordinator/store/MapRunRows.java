package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.MapRunSummary;
import io.stepstream.schemas.MapRunCounts;
import io.stepstream.schemas.MapRunEnd;
import io.stepstream.schemas.MapRunPlaceRow;
import io.stepstream.schemas.MapRunRow;
import io.stepstream.schemas.MapRunStatus;
import io.stepstream.schemas.codec.RowCodec;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is told of Map runs, in the executions store of one partition: two small rows each, which
 * outlive the frame of the Map state. Written when a Map run begins and when it ends; in between
 * the frame knows how far it has come. Not thread safe: confined to the partition's stream thread.
 */
public final class MapRunRows {

  /** A Map run's row and where it is. */
  public record Found(ExecutionKey execution, long container, MapRunRow row) {}

  private static final RowCodec<MapRunRow> ROWS = RowCodec.of(MapRunRow.class);
  private static final RowCodec<MapRunPlaceRow> PLACES = RowCodec.of(MapRunPlaceRow.class);

  private final KeyValueStore<Bytes, byte[]> store;

  public MapRunRows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  public void put(ExecutionKey execution, MapRunSummary run) {
    long container = run.run().container();
    store.put(RowKeys.mapRun(execution.hash16(), container), ROWS.encode(row(run)));
    store.put(
        RowKeys.mapRunPlace(ExecutionKey.of(run.mapRunArn()).hash16()),
        PLACES.encode(new MapRunPlaceRow(execution.arn(), container)));
  }

  private static MapRunRow row(MapRunSummary run) {
    Awaits.MapRun last = run.run();
    Long stop = run.stopMillis();
    return new MapRunRow(
        run.mapRunArn(),
        run.frameId(),
        run.epoch(),
        switch (run.status()) {
          case RUNNING -> MapRunStatus.RUNNING;
          case SUCCEEDED -> MapRunStatus.SUCCEEDED;
          case FAILED -> MapRunStatus.FAILED;
          case ABORTED -> MapRunStatus.ABORTED;
        },
        Instant.ofEpochMilli(last.startMillis()),
        stop == null ? null : end(run, Instant.ofEpochMilli(stop)),
        last.redriveCount(),
        MapRunRecords.date(last.redriveMillis()));
  }

  /**
   * As if it ended now.
   *
   * @param stopDate when it has; of one under way it means nothing
   */
  public static MapRunEnd end(MapRunSummary run, Instant stopDate) {
    Awaits.MapRun last = run.run();
    return new MapRunEnd(
        stopDate,
        last.maxConcurrency(),
        last.toleratedCount(),
        last.toleratedPercentage(),
        counts(run.children()),
        counts(run.items()));
  }

  private static MapRunCounts counts(MapRunSummary.Counts counts) {
    return new MapRunCounts(
        counts.pending(),
        counts.running(),
        counts.ended().succeeded(),
        counts.ended().failed(),
        counts.ended().timedOut(),
        counts.ended().aborted(),
        counts.total(),
        counts.resultsWritten(),
        counts.pendingRedrive());
  }

  /** Null: there is no such Map run here, or it is forgotten. */
  public @Nullable Found find(ExecutionKey mapRun) {
    byte[] place = store.get(RowKeys.mapRunPlace(mapRun.hash16()));
    if (place == null) {
      return null;
    }
    MapRunPlaceRow at = PLACES.read(place);
    ExecutionKey execution = ExecutionKey.of(at.getExecutionArn());
    byte[] row = store.get(RowKeys.mapRun(execution.hash16(), at.getContainer()));
    return row == null ? null : new Found(execution, at.getContainer(), ROWS.read(row));
  }

  /** What a frame knows of the Map run that it waits for; null: it does not wait for that one. */
  public static @Nullable MapRunSummary underWay(Found mapRun, @Nullable Frame frame) {
    return frame != null
            && frame.awaits() instanceof Awaits.MapRun run
            && run.container() == mapRun.container()
        ? new MapRunSummary(
            mapRun.row().getMapRunArn(),
            frame.id(),
            frame.epoch(),
            run,
            MapRunSummary.Status.RUNNING,
            null)
        : null;
  }

  /** Map runs of an execution in the order of their beginnings, behind a container. */
  public List<Found> list(ExecutionKey execution, long after, int atMost) {
    List<Found> found = new ArrayList<>();
    byte[] hash = execution.hash16();
    try (KeyValueIterator<Bytes, byte[]> range =
        store.range(RowKeys.mapRun(hash, after + 1), RowKeys.mapRun(hash, Long.MAX_VALUE))) {
      while (found.size() < atMost && range.hasNext()) {
        KeyValue<Bytes, byte[]> row = range.next();
        found.add(new Found(execution, RowKeys.mapRunContainer(row.key), ROWS.read(row.value)));
      }
    }
    return found;
  }

  /** Nothing is told of a Map run any more. */
  public void forget(byte[] executionHash, long container) {
    Bytes key = RowKeys.mapRun(executionHash, container);
    byte[] row = store.get(key);
    if (row != null) {
      String mapRunArn = ROWS.read(row).getMapRunArn();
      store.put(RowKeys.mapRunPlace(ExecutionKey.of(mapRunArn).hash16()), null);
      store.put(key, null);
    }
  }
}
