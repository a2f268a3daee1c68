package io.stepstream.coordinator.reply;

/** The commits of a stream thread where no Kafka Streams makes them. */
public final class TestCommits {

  private TestCommits() {}

  /** The calling thread's transaction is through. */
  public static void commit(CommitPacing pacing) {
    pacing.ofThisThread().committed(System.nanoTime());
  }

  /** The calling thread's transaction is undone. */
  public static void abort(CommitPacing pacing) {
    pacing.ofThisThread().aborted();
  }
}
