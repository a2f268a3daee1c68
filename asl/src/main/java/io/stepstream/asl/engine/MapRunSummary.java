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
   */
  public record Counts(long pending, long running, Tally ended, long total, long resultsWritten) {}

  /** Child executions. */
  public Counts children() {
    Tally ended = progress().children();
    long running = runningChildren();
    return counts(ended, running, run.children(), run.ended().children());
  }

  /** Items, of which some may not be in any child execution yet. */
  public Counts items() {
    Progress progress = progress();
    // Shards tell of children. Without batches each has one item and this is exact.
    long openChildren = run.children() - progress.children().ended();
    long openItems = run.taken() - run.carried() - progress.items().ended();
    long running =
        openChildren == 0 ? 0 : Math.round((double) openItems * runningChildren() / openChildren);
    long total = run.source() instanceof Awaits.MapRun.Stored stored ? stored.count() : run.taken();
    return counts(progress.items(), running, total, run.ended().items());
  }

  private Counts counts(Tally ended, long running, long total, Tally handedOver) {
    boolean runs = status == Status.RUNNING;
    return new Counts(
        total - ended.ended() - running,
        runs ? running : 0,
        runs ? ended : ended.plus(new Tally(0, 0, 0, running)),
        total,
        handedOver.ended());
  }

  private Progress progress() {
    Progress all = run.ended();
    for (LiveShard shard : run.live()) {
      all = all.plus(shard.progress());
    }
    return all;
  }

  /** A shard begins as many children as it may. */
  private long runningChildren() {
    return run.live().stream().mapToLong(shard -> Math.min(shard.window(), shard.open())).sum();
  }
}
