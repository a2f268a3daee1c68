package io.stepstream.coordinator.reply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one stream thread has done since its last commit, and by which clients. Confined to that
 * thread: the steps, the punctuators and the producer's commit all run on it.
 *
 * <p>Pacing. A commit on every step collapses under load: it flushes stores and producers and
 * halves the batch, so requests pile up. So a step asks for a commit only when a gap has passed
 * since the <em>end</em> of the last one, and the gap grows with what commits cost: at idle a step
 * is committed at once, under load one commit serves hundreds.
 */
final class ThreadCommits {

  private final CommitPacing.Settings settings;
  private final List<Runnable> replies = new ArrayList<>();
  private final List<Tentative> tentative = new ArrayList<>();
  private boolean dirty;
  private long startedNanos;
  private long endedNanos;
  private double smoothedCostNanos;
  private @Nullable Runnable flush;
  private boolean polled;
  private long memberUntilNanos;

  ThreadCommits(CommitPacing.Settings settings) {
    this.settings = settings;
  }

  void stepped() {
    dirty = true;
  }

  void reply(Runnable reply) {
    replies.add(reply);
  }

  void await(Tentative what) {
    tentative.add(what);
  }

  /** Whether it is time to ask for a commit. */
  boolean due(long nowNanos) {
    double gap =
        Math.clamp(
            smoothedCostNanos * settings.costFactor(),
            settings.minGap().toNanos(),
            settings.maxGap().toNanos());
    return dirty && nowNanos - endedNanos >= gap;
  }

  /**
   * @param flush of the producer that the thread sends by
   */
  void sendsBy(Runnable producersFlush) {
    flush = producersFlush;
  }

  void awaitSent() {
    if (flush != null) {
      flush.run();
    }
  }

  /** The thread asks for records, and is a member of its group until then at least. */
  void polls(long memberUntil) {
    polled = true;
    memberUntilNanos = memberUntil;
  }

  boolean mayBeReplaced(long nowNanos) {
    return polled && nowNanos - memberUntilNanos > 0;
  }

  /** Kafka Streams flushes the producer: the commit has begun. */
  void commitStarted(long nowNanos) {
    if (startedNanos == 0) {
      startedNanos = nowNanos;
    }
  }

  /**
   * The transaction is committed: nothing can undo it any more, so the replies leave.
   *
   * @return how long it took, in nanoseconds
   */
  long committed(long nowNanos) {
    long cost = startedNanos == 0 ? 0 : nowNanos - startedNanos;
    if (startedNanos != 0) {
      smoothedCostNanos = smoothedCostNanos == 0 ? cost : 0.8 * smoothedCostNanos + 0.2 * cost;
    }
    startedNanos = 0;
    endedNanos = nowNanos;
    dirty = false;
    List<Runnable> leaving = List.copyOf(replies);
    replies.clear();
    leaving.forEach(Runnable::run);
    tentative.forEach(Tentative::committed);
    tentative.clear();
    return cost;
  }

  /** The transaction is undone: the steps will be made again, and answer then. */
  void aborted() {
    startedNanos = 0;
    dirty = false;
    replies.clear();
    tentative.forEach(Tentative::aborted);
    tentative.clear();
  }
}
