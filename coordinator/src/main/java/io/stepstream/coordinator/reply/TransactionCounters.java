package io.stepstream.coordinator.reply;

import java.util.concurrent.atomic.LongAdder;

/** What has become of the transactions of a lane since the node began. Thread safe. */
public final class TransactionCounters {

  private final LongAdder committed = new LongAdder();
  private final LongAdder committingNanos = new LongAdder();
  private final LongAdder aborted = new LongAdder();
  private final LongAdder fenced = new LongAdder();
  private final LongAdder failed = new LongAdder();

  void committed(long nanos) {
    committed.increment();
    committingNanos.add(nanos);
  }

  void aborted() {
    aborted.increment();
  }

  void fenced() {
    fenced.increment();
  }

  void failed() {
    failed.increment();
  }

  public long commits() {
    return committed.sum();
  }

  /** From the flush to the broker's word, of all commits together. */
  public long commitNanos() {
    return committingNanos.sum();
  }

  /** Undone by the node itself; the steps are made again. */
  public long aborts() {
    return aborted.sum();
  }

  /** Commits that the broker refused since another node has the partitions. */
  public long fences() {
    return fenced.sum();
  }

  /** Commits that failed otherwise; their steps are made again, here or elsewhere. */
  public long failures() {
    return failed.sum();
  }
}
