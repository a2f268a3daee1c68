package io.stepstream.asl.engine;

import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.Progress;
import io.stepstream.asl.engine.Awaits.Tally;
import org.jspecify.annotations.Nullable;

/**
 * A Map run as it is told of. While it is under way it counts what its shards have reported, which
 * they do every so often ({@link Limits.MapRun#reportMillis}). When it ends before its children do,
 * those that ran by the last reports count as aborted, since they are, and the others stay pending.
 *
 * @param frameId of the Map state
 * @param epoch of that frame's wait for the Map run
 * @param run as it is, or as it was when it ended
 * @param stopMillis null while it runs
 */
public record MapRunSummary(
    String mapRunArn,
    long frameId,
    int epoch,
    Awaits.MapRun run,
    Status status,
    @Nullable Long stopMillis) {

  /** AWS's statuses of Map runs. */
  public enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED,
    ABORTED
  }

  /**
   * @param resultsWritten of those that have ended: handed over by their shard, or written to
   *     objects, which AWS counts alike
   * @param pendingRedrive have failed before the latest redrive, and don't run again yet
   */
  public record Counts(
      long pending,
      long running,
      Tally ended,
      long total,
      long resultsWritten,
      long pendingRedrive) {}

  /** Child executions. */
  public Counts children() {
    Tally ended = progress().children();
    return counts(
        ended,
        runningChildren(),
        pendingRedrive(),
        run.children(),
        run.ended().plus(run.resting().progress()).children());
  }

  /** Items, of which some may not be in any child execution yet. */
  public Counts items() {
    Progress progress = progress();
    // Shards tell of children. Without batches each has one item and this is exact.
    long openChildren = run.children() - progress.children().ended();
    long openItems = run.taken() - run.carried() - progress.items().ended();
    double itemsPerChild = openChildren == 0 ? 0 : (double) openItems / openChildren;
    long running = Math.round(itemsPerChild * runningChildren());
    long pendingRedrive = Math.round(itemsPerChild * pendingRedrive());
    long total = run.source() instanceof Awaits.MapRun.Stored stored ? stored.count() : run.taken();
    return counts(
        progress.items(),
        running,
        Math.min(pendingRedrive, openItems - running),
        total,
        run.ended().plus(run.resting().progress()).items());
  }

  private Counts counts(
      Tally ended, long running, long pendingRedrive, long total, Tally handedOver) {
    boolean runs = status == Status.RUNNING;
    return new Counts(
        total - ended.ended() - running - pendingRedrive,
        runs ? running : 0,
        runs ? ended : ended.plus(new Tally(0, 0, 0, running + pendingRedrive)),
        total,
        handedOver.ended(),
        runs ? pendingRedrive : 0);
  }

  private Progress progress() {
    Progress pending = run.pending().progress();
    Progress all =
        run.ended()
            .plus(run.resting().progress())
            .plus(status == Status.RUNNING ? pending.succeeded() : pending);
    for (LiveShard shard : run.live()) {
      all = all.plus(shard.progress());
    }
    return all;
  }

  private long runningChildren() {
    return run.live().stream().mapToLong(LiveShard::running).sum();
  }

  private long pendingRedrive() {
    long inShards = run.live().stream().mapToLong(LiveShard::pendingRedrive).sum();
    return status == Status.RUNNING
        ? inShards + run.pending().progress().children().unsuccessful()
        : inShards;
  }
}
