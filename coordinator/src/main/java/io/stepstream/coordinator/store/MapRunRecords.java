package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Execution;
import io.stepstream.schemas.AwaitsMapRun;
import io.stepstream.schemas.AwaitsShard;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.ChildProgress;
import io.stepstream.schemas.LiveShard;
import io.stepstream.schemas.MapRunPhase;
import io.stepstream.schemas.RestingShards;
import io.stepstream.schemas.ResultDestination;
import io.stepstream.schemas.ShardOfMapRun;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StoredItems;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Between what the core knows of distributed Maps and the records of rows and messages. */
public final class MapRunRecords {

  private MapRunRecords() {}

  // ------------------------------------------------------------------ rows

  static Awaits.MapRun mapRun(AwaitsMapRun row) {
    StoredItems stored = row.getStored();
    return new Awaits.MapRun(
        row.getContainer(),
        row.getId(),
        stored == null
            ? new Awaits.MapRun.Read(row.getReadCursor())
            : new Awaits.MapRun.Stored(stored.getCount(), stored.getItemsPerChunk()),
        row.getTaken(),
        row.getCarried(),
        row.getChildren(),
        row.getShards(),
        row.getMaxConcurrency(),
        row.getToleratedCount(),
        row.getToleratedPercentage(),
        row.getResultBytes(),
        progress(row.getEnded()),
        row.getLive().stream().map(MapRunRecords::liveShard).toList(),
        restingShards(row.getResting()),
        restingShards(row.getPending()),
        phase(row.getPhase()),
        row.getStartDate() == null ? 0 : row.getStartDate().toEpochMilli(),
        row.getRedriveCount(),
        row.getRedriveDate() == null ? null : row.getRedriveDate().toEpochMilli());
  }

  static AwaitsMapRun row(Awaits.MapRun run) {
    return new AwaitsMapRun(
        run.container(),
        run.id(),
        switch (run.source()) {
          case Awaits.MapRun.Read _ -> null;
          case Awaits.MapRun.Stored(int count, int itemsPerChunk) ->
              new StoredItems(count, itemsPerChunk);
        },
        run.taken(),
        run.carried(),
        run.children(),
        run.shards(),
        run.maxConcurrency(),
        run.toleratedCount(),
        run.toleratedPercentage(),
        run.resultBytes(),
        record(run.ended()),
        run.live().stream().map(MapRunRecords::row).toList(),
        switch (run.phase()) {
          case TAKING -> MapRunPhase.TAKING;
          case READING -> MapRunPhase.READING;
          case FINISHING -> MapRunPhase.FINISHING;
          case WRITING -> MapRunPhase.WRITING;
        },
        Instant.ofEpochMilli(run.startMillis()),
        row(run.resting()),
        row(run.pending()),
        run.redriveCount(),
        date(run.redriveMillis()),
        run.source() instanceof Awaits.MapRun.Read(String cursor) ? cursor : null);
  }

  static @Nullable Instant date(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static Awaits.RestingShards restingShards(@Nullable RestingShards row) {
    return row == null
        ? Awaits.RestingShards.NONE
        : new Awaits.RestingShards(BitSet.valueOf(row.getNumbers()), progress(row.getProgress()));
  }

  private static @Nullable RestingShards row(Awaits.RestingShards shards) {
    return shards.numbers().isEmpty()
        ? null
        : new RestingShards(bits(shards.numbers()), record(shards.progress()));
  }

  private static ByteBuffer bits(BitSet bits) {
    return ByteBuffer.wrap(bits.toByteArray());
  }

  private static Awaits.MapRun.Phase phase(MapRunPhase phase) {
    return switch (phase) {
      case TAKING -> Awaits.MapRun.Phase.TAKING;
      case READING -> Awaits.MapRun.Phase.READING;
      case FINISHING -> Awaits.MapRun.Phase.FINISHING;
      case WRITING -> Awaits.MapRun.Phase.WRITING;
      case UNKNOWN -> throw new IllegalStateException("a row of a Map run of unknown phase");
    };
  }

  private static Awaits.LiveShard liveShard(LiveShard row) {
    return new Awaits.LiveShard(
        row.getNumber(),
        row.getChildren(),
        row.getWindow(),
        row.getSeq(),
        progress(row.getProgress()),
        row.getParts(),
        row.getRedrives());
  }

  private static LiveShard row(Awaits.LiveShard shard) {
    return new LiveShard(
        shard.number(),
        shard.children(),
        shard.window(),
        shard.seq(),
        record(shard.progress()),
        shard.parts(),
        shard.redrives());
  }

  static Awaits.Shard shard(AwaitsShard row) {
    return new Awaits.Shard(
        shardOf(row.getRun()),
        row.getContainer(),
        row.getCount(),
        row.getCursor(),
        row.getWindow(),
        BitSet.valueOf(row.getRunning()),
        progress(row.getProgress()),
        row.getSeq(),
        progress(row.getReported()),
        row.getReportDue(),
        row.getSent(),
        row.getParts(),
        row.getWriting(),
        row.getFiles(),
        BitSet.valueOf(row.getFailed()),
        BitSet.valueOf(row.getAgain()),
        row.getResting());
  }

  static AwaitsShard row(Awaits.Shard shard) {
    return new AwaitsShard(
        record(shard.run()),
        shard.container(),
        shard.count(),
        shard.cursor(),
        shard.window(),
        bits(shard.active()),
        record(shard.progress()),
        shard.seq(),
        record(shard.reported()),
        shard.reportDue(),
        shard.sent(),
        shard.parts(),
        shard.writing(),
        shard.files(),
        bits(shard.failed()),
        bits(shard.again()),
        shard.resting());
  }

  static Execution.@Nullable Part part(@Nullable Object row) {
    return switch (row) {
      case null -> null;
      case ChildOfMapRun child -> child(child);
      case ShardPart shard -> new Execution.Part.Shard(shard.getFlow());
      default -> throw new IllegalStateException("a header row that is part of " + row);
    };
  }

  /** The Map run that a child execution belongs to; null: the header is none of a child. */
  public static @Nullable String mapRunOf(@Nullable Object part) {
    if (!(part instanceof ChildOfMapRun child)) {
      return null;
    }
    // A shard's ARN is the Map run's with a lane and a number behind it.
    String shard = child.getShardArn();
    return shard.substring(0, shard.lastIndexOf(':', shard.lastIndexOf(':') - 1));
  }

  // ------------------------------------------------------------------ rows and messages

  public static Execution.Part.Child child(ChildOfMapRun row) {
    return new Execution.Part.Child(
        row.getFlow(), row.getShardArn(), row.getIndex(), row.getRedrive());
  }

  public static ChildOfMapRun record(Execution.Part.Child child) {
    return new ChildOfMapRun(child.flow(), child.shardArn(), child.index(), child.redrive());
  }

  public static Awaits.Progress progress(ChildProgress record) {
    return new Awaits.Progress(
        tally(record.getSucceeded(), record.getFailed(), record.getTimedOut(), record.getAborted()),
        tally(
            record.getSucceededItems(),
            record.getFailedItems(),
            record.getTimedOutItems(),
            record.getAbortedItems()));
  }

  /**
   * @param unsuccessful with those that timed out or were aborted
   */
  private static Awaits.Tally tally(
      long succeeded, long unsuccessful, long timedOut, long aborted) {
    return new Awaits.Tally(succeeded, unsuccessful - timedOut - aborted, timedOut, aborted);
  }

  public static ChildProgress record(Awaits.Progress progress) {
    Awaits.Tally children = progress.children();
    Awaits.Tally items = progress.items();
    return new ChildProgress(
        children.succeeded(),
        children.unsuccessful(),
        items.unsuccessful(),
        children.timedOut(),
        children.aborted(),
        items.succeeded(),
        items.timedOut(),
        items.aborted());
  }

  public static Awaits.ShardOf shardOf(ShardOfMapRun record) {
    ResultDestination destination = record.getDestination();
    return new Awaits.ShardOf(
        record.getExecutionArn(),
        record.getFrameId(),
        record.getEpoch(),
        record.getMapRunArn(),
        record.getFlow(),
        record.getNumber(),
        record.getFirstChild(),
        record.getExpress(),
        record.getBatched(),
        record.getTransformation(),
        destination == null ? null : destination(destination),
        record.getRedrive());
  }

  private static Awaits.Destination destination(ResultDestination record) {
    return record.getTopic()
        ? new Awaits.Destination.Topic(record.getArguments())
        : new Awaits.Destination.Bucket(
            record.getArguments(), record.getFolder(), record.getLines());
  }

  public static ShardOfMapRun record(Awaits.ShardOf run) {
    Awaits.Destination destination = run.destination();
    return new ShardOfMapRun(
        run.executionArn(),
        run.frameId(),
        run.epoch(),
        run.mapRunArn(),
        run.flow(),
        run.number(),
        run.firstChild(),
        run.express(),
        run.batched(),
        run.transformation(),
        switch (destination) {
          case null -> null;
          case Awaits.Destination.Bucket(String arguments, String folder, boolean lines) ->
              new ResultDestination(arguments, folder, lines, false);
          case Awaits.Destination.Topic(String arguments) ->
              new ResultDestination(arguments, "", false, true);
        },
        run.redrive());
  }
}
