package io.stepstream.coordinator.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The journals of a lane, by stream threads: those of one thread are flushed together at a commit,
 * since each flush waits for the brokers twice.
 *
 * <pre>
 *   1. all that was sent is acknowledged: records that the rows follow from, rows of the last flush
 *   2. what changes is written to the journals, and is acknowledged
 *   3. the rows are written
 * </pre>
 *
 * <p>Thread safe.
 */
public final class RowJournals {

  private final Runnable awaitSent;
  private final BooleanSupplier mayBeReplaced;
  private final ThreadLocal<OfThread> threads = ThreadLocal.withInitial(OfThread::new);

  /**
   * @param awaitSent returns when what the calling thread has sent is acknowledged; may leave it to
   *     the next row to fail when it is not
   * @param mayBeReplaced whether another may have the partitions of the calling thread by now
   */
  public RowJournals(Runnable awaitSent, BooleanSupplier mayBeReplaced) {
    this.awaitSent = awaitSent;
    this.mayBeReplaced = mayBeReplaced;
  }

  /**
   * The journal of a partition of the calling thread, with what a crash has left of the last flush
   * put into the buffers again. Called before any row is read.
   *
   * @param executions as Kafka Streams gives it to a processor
   * @param timers as well
   */
  public RowJournal recovered(
      KeyValueStore<Bytes, byte[]> executions, KeyValueStore<Bytes, byte[]> timers) {
    return RowJournal.recovered(executions, timers, threads.get());
  }

  /** Journals that share a producer. */
  final class OfThread {

    private final List<RowJournal> journals = new ArrayList<>();
    private boolean failed;

    void add(RowJournal journal) {
      journals.add(journal);
    }

    void remove(RowJournal journal) {
      journals.remove(journal);
      if (journals.isEmpty()) {
        threads.remove(); // what has failed is over; a thread that joins again begins anew
      }
    }

    /**
     * @param asked a journal that may have left
     */
    void flushAllAnd(RowJournal asked) {
      List<RowJournal> all = new ArrayList<>(journals);
      if (!all.contains(asked)) {
        all.add(asked);
      }
      flush(all);
    }

    /**
     * @throws TaskMigratedException another may have the partitions by now; no row is written
     * @throws StreamsException something could not be sent, now or at an earlier flush
     */
    void flush(List<RowJournal> some) {
      if (failed) {
        // Kafka Streams goes on to the next store before it gives the tasks up.
        throw new StreamsException("An earlier flush of this thread's rows has failed.");
      }
      failed = true;
      List<RowJournal.Flush> flushes = new ArrayList<>();
      for (RowJournal journal : some) {
        RowJournal.Flush flush = journal.take();
        if (!flush.isEmpty()) {
          flushes.add(flush);
        }
      }
      if (!flushes.isEmpty()) {
        awaitSent();
        flushes.forEach(RowJournal.Flush::writeJournal);
        awaitSent();
        flushes.forEach(RowJournal.Flush::writeRows);
      }
      failed = false;
    }

    private void awaitSent() {
      awaitSent.run();
      if (mayBeReplaced.getAsBoolean()) {
        throw new TaskMigratedException(
            "This thread has not asked for records for so long that another may have its"
                + " partitions. It writes no rows, and joins again.");
      }
    }
  }
}
