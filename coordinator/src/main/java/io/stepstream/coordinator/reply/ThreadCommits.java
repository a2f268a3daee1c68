package io.stepstream.coordinator.reply;

import java.util.ArrayList;
import java.util.List;

/**
 * What one stream thread has done since its last commit. Confined to that thread: the steps, the
 * punctuators and the producer's commit all run on it.
 *
 * <p>Pacing. A commit on every step collapses under load: it flushes stores and producers and
 * halves the batch, so requests pile up. So a step asks for a commit only when a gap has passed
 * since the <em>end</em> of the last one, and the gap grows with what commits cost: at idle a step
 * is committed at once, under load one commit serves hundreds.
 */
final class ThreadCommits {

  private final CommitPacing.Settings settings;
  private final List<Runnable> replies = new ArrayList<>();
  private boolean dirty;
  private long startedNanos;
  private long endedNanos;
  private double smoothedCostNanos;

  ThreadCommits(CommitPacing.Settings settings) {
    this.settings = settings;
  }

  void stepped() {
    dirty = true;
  }

  void reply(Runnable reply) {
    replies.add(reply);
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

  /** The producer is flushed: the commit has begun. */
  void commitStarted(long nowNanos) {
    if (startedNanos == 0) {
      startedNanos = nowNanos;
    }
  }

  /** The transaction is committed: nothing can undo it any more, so the replies leave. */
  void committed(long nowNanos) {
    if (startedNanos != 0) {
      long cost = nowNanos - startedNanos;
      smoothedCostNanos = smoothedCostNanos == 0 ? cost : 0.8 * smoothedCostNanos + 0.2 * cost;
    }
    startedNanos = 0;
    endedNanos = nowNanos;
    dirty = false;
    List<Runnable> leaving = List.copyOf(replies);
    replies.clear();
    leaving.forEach(Runnable::run);
  }

  /** The transaction is undone: the steps will be made again, and answer then. */
  void aborted() {
    startedNanos = 0;
    dirty = false;
    replies.clear();
  }
}
