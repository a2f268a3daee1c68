package io.stepstream.coordinator.reply;

import java.util.function.LongSupplier;

/** The commits and polls of a stream thread where no Kafka Streams makes them. */
public final class TestCommits {

  private TestCommits() {}

  /** A pacing by another clock. */
  public static CommitPacing pacing(CommitPacing.Settings settings, LongSupplier nanoClock) {
    return new CommitPacing(settings, nanoClock);
  }

  /** The calling thread has a producer, whose flush is this. */
  public static void sendsBy(CommitPacing pacing, Runnable flush) {
    pacing.ofThisThread().sendsBy(flush);
  }

  /** The calling thread asks for records. */
  public static void polls(CommitPacing pacing, long memberUntilNanos) {
    pacing.ofThisThread().polls(memberUntilNanos);
  }

  /** The calling thread goes on with another pacing. */
  public static void forget(CommitPacing pacing) {
    pacing.forgetThisThread();
  }

  /** The calling thread's transaction is through. */
  public static void commit(CommitPacing pacing) {
    pacing.ofThisThread().committed(System.nanoTime());
  }

  /** The calling thread's transaction is undone. */
  public static void abort(CommitPacing pacing) {
    pacing.ofThisThread().aborted();
  }
}
