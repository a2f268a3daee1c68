package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.registry.SchemaRegistryException;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition that have been read and are not done with.
 *
 * <pre>
 *   read ── judge ──┬─ filtered ─────────────────────────────┐
 *                   ├─ start ──┬─ started ───────────────────┤
 *                   │    ^     ├─ not now: pause, again ──┐  ├──> done
 *                   │    └─────┼──────────────────────────┘  │
 *                   │          └─ name taken ─┐              │
 *                   └─ poison ────────────────┴─ buried ─────┘
 * </pre>
 *
 * Starts run beside one another, but those of the same name one after the other, in the order of
 * the records: the first one is to have the name. An offset counts as done when all before it are.
 * Not thread safe: of its reader's thread; only what it waits for completes elsewhere.
 */
final class PartitionWork {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionWork.class);

  static final int MOST_UNDER_WAY = 200;
  static final int MOST_BUFFERED = 500;
  static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Expressions may take their time; the reader must be back in its group's poll before long. */
  private static final Duration LONGEST_JUDGING = Duration.ofMillis(500);

  private final Treatment treatment;
  private final Clock clock;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private int underWay;
  private long next;
  private Progress progress;
  private @Nullable OffsetAndMetadata committed;
  private Duration pause = Duration.ZERO;
  private long pausedSinceNanos;

  private static final class Entry {
    final ConsumerRecord<byte[], byte[]> record;
    @Nullable RecordVerdict verdict;
    @Nullable CompletableFuture<StartResult> start;
    @Nullable CompletableFuture<Void> burial;

    /** Why it is put aside; null: it isn't. */
    @Nullable String reason;

    boolean done;

    /** Not before {@link #SHORTEST_PAUSE} since then; null: it has not failed. */
    @Nullable Long failedNanos;

    Entry(ConsumerRecord<byte[], byte[]> record) {
      this.record = record;
    }

    boolean isUnderWay() {
      return start != null || burial != null;
    }
  }

  /**
   * @param next where the partition is read from
   * @param progress up to there
   */
  PartitionWork(Treatment treatment, Clock clock, long next, Progress progress) {
    this.treatment = treatment;
    this.clock = clock;
    this.next = next;
    this.progress = progress;
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    entries.add(new Entry(record));
    bytes += size(record);
  }

  private static long size(ConsumerRecord<byte[], byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }

  boolean isIdle() {
    return entries.isEmpty();
  }

  boolean isFull() {
    return entries.size() >= MOST_BUFFERED;
  }

  boolean isUnderWay() {
    return underWay > 0;
  }

  long bytes() {
    return bytes;
  }

  Progress progress() {
    return progress;
  }

  /** Nothing is left of what was read; the consumer has passed over what is no record. */
  void reached(long position) {
    if (entries.isEmpty() && position > next) {
      next = position;
    }
  }

  /** Records were deleted from the topic before they could be read. */
  void missed(long records, String why) {
    progress = progress.plusMissed(records, failure(why));
  }

  /** Takes up what has completed and begins what can be begun. */
  void advance(long nowNanos) {
    settle(nowNanos);
    if (nowNanos - pausedSinceNanos >= pause.toNanos()) {
      begin(nowNanos);
    }
    while (!entries.isEmpty() && entries.getFirst().done) {
      retire(entries.removeFirst());
    }
  }

  /** Only what has completed already, when nothing new is to begin. */
  void conclude(long nowNanos) {
    settle(nowNanos);
    while (!entries.isEmpty() && entries.getFirst().done) {
      retire(entries.removeFirst());
    }
  }

  /** What is to be committed; null: nothing has changed since {@link #committed}. */
  @Nullable OffsetAndMetadata toCommit() {
    OffsetAndMetadata now = new OffsetAndMetadata(next, progress.metadata());
    return now.equals(committed) ? null : now;
  }

  void committed(OffsetAndMetadata offset) {
    committed = offset;
  }

  // ------------------------------------------------------------------ entries

  private void settle(long nowNanos) {
    for (Entry entry : entries) {
      if (entry.start != null && entry.start.isDone()) {
        StartResult result = entry.start.join();
        entry.start = null;
        underWay--;
        switch (result) {
          case StartResult.Started() -> done(entry);
          case StartResult.NameTaken(String arn) ->
              entry.reason = "the name is taken by another execution: " + arn;
          case StartResult.NotNow(String reason) -> pause(entry, nowNanos, reason);
        }
      } else if (entry.burial != null && entry.burial.isDone()) {
        underWay--;
        try {
          entry.burial.join();
          done(entry);
        } catch (CompletionException e) {
          pause(entry, nowNanos, "the dead letters can't be written: " + e.getCause());
        }
        entry.burial = null;
      }
    }
  }

  private void begin(long nowNanos) {
    Set<String> names = new HashSet<>();
    long until = System.nanoTime() + LONGEST_JUDGING.toNanos();
    for (Entry entry : entries) {
      if (underWay >= MOST_UNDER_WAY || System.nanoTime() > until) {
        return;
      }
      if (!entry.done && !entry.isUnderWay() && !begin(entry, names, nowNanos)) {
        return;
      }
      if (!entry.done && entry.verdict instanceof RecordVerdict.Start start) {
        names.add(start.name());
      }
    }
  }

  /** False: those behind it must wait too. */
  private boolean begin(Entry entry, Set<String> earlierNames, long nowNanos) {
    if (entry.failedNanos != null && nowNanos - entry.failedNanos < SHORTEST_PAUSE.toNanos()) {
      return true; // others may go on meanwhile
    }
    if (entry.verdict == null) {
      try {
        entry.verdict = judge(entry.record);
      } catch (SchemaRegistryException e) {
        pause(entry, nowNanos, "the schema registry can't be asked: " + e.getMessage());
        return false;
      } catch (KeyUnavailableException e) {
        pause(entry, nowNanos, String.valueOf(e.getMessage()));
        return false;
      }
    }
    if (entry.reason == null) {
      switch (entry.verdict) {
        case RecordVerdict.Filtered() -> {
          done(entry);
          return true;
        }
        case RecordVerdict.Poison(String reason) -> entry.reason = reason;
        case RecordVerdict.Start start -> {
          if (earlierNames.contains(start.name())) {
            return true; // when the earlier one is done
          }
          Optional<CompletableFuture<StartResult>> begun = treatment.start(entry.record, start);
          if (begun.isEmpty()) {
            return false;
          }
          entry.start = begun.get();
          underWay++;
          return true;
        }
      }
    }
    entry.burial = treatment.bury(entry.record, entry.reason);
    underWay++;
    return true;
  }

  private RecordVerdict judge(ConsumerRecord<byte[], byte[]> record) {
    try {
      return treatment.judge(record);
    } catch (SchemaRegistryException | KeyUnavailableException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error(
          "A bug: the record at {}-{} offset {} broke its trigger",
          record.topic(),
          record.partition(),
          record.offset(),
          bug);
      return new RecordVerdict.Poison("internal error: " + bug);
    }
  }

  private void done(Entry entry) {
    entry.done = true;
    pause = Duration.ZERO;
    progress = progress.goesOn();
  }

  private void pause(Entry entry, long nowNanos, String reason) {
    entry.failedNanos = nowNanos;
    Duration longer = pause.isZero() ? SHORTEST_PAUSE : pause.multipliedBy(2);
    // What was begun together fails together, which is one failure and not hundreds.
    if (pause.isZero() || nowNanos - pausedSinceNanos >= pause.toNanos()) {
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      pausedSinceNanos = nowNanos;
    }
    progress = progress.waitsFor(failure(reason));
  }

  private void retire(Entry entry) {
    next = entry.record.offset() + 1;
    bytes -= size(entry.record);
    if (entry.reason != null) {
      progress =
          progress.plusDeadLettered(
              failure("offset %d: %s".formatted(entry.record.offset(), entry.reason)));
    } else if (entry.verdict instanceof RecordVerdict.Filtered) {
      progress = progress.plusFiltered();
    } else {
      progress = progress.plusStarted();
    }
  }

  private Progress.Failure failure(String detail) {
    return new Progress.Failure(clock.instant(), detail);
  }
}
