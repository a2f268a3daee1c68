package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionMetrics;
import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reading.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole history topic and keeps an index of its executions: each node for itself, so any
 * of them answers any list. It looks only at records whose header tells of a change of status.
 */
public final class ExecutionIndexer
    implements ExecutionLists, ExecutionSearch, ExecutionMetrics, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutionIndexer.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static final long REFRESHED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What was indexed since then is read again after a crash. */
  private static final long COMMITTED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long FORGOTTEN_EVERY_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Hears of what is read once all that was on the topic has been. Called by one thread. */
  public interface Listener {

    /** Hears nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public void read(Iterable<ConsumerRecord<byte[], byte[]>> records, long[] next) {}

          @Override
          public void interrupted() {}
        };

    /**
     * More was read. The first call after the indexer has begun, or begun anew, tells only where.
     *
     * @param next by partition, the offsets that will be read next
     */
    void read(Iterable<ConsumerRecord<byte[], byte[]>> records, long[] next);

    /** The indexer begins anew, or ends. */
    void interrupted();
  }

  private final Path directory;
  private final IndexedTopic topic;
  private final Clock clock;
  private final Executor executor;
  private final Listener listener;
  private final TopicReader reader;

  /** Null until everything is in it that was on the topic when this began. */
  private volatile @Nullable ExecutionIndex complete;

  /** What was committed before this has been put in; null: nobody knows yet. */
  private volatile @Nullable Instant asOf;

  /**
   * An indexer which reads when {@link #start} is called.
   *
   * @param consumers make a consumer that reads committed records only and assigns nothing itself
   * @param executor looks into the index, which may read from the disk
   */
  public ExecutionIndexer(
      Path directory,
      IndexedTopic topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Clock clock,
      Executor executor,
      Listener listener) {
    this.directory = directory;
    this.topic = topic;
    this.clock = clock;
    this.executor = executor;
    this.listener = listener;
    this.reader =
        new TopicReader(
            "stepstream-index", topic.name() + " into " + directory, consumers, this::readFrom);
  }

  public void start() {
    reader.start();
  }

  @Override
  public CompletionStage<ExecutionPage> list(ExecutionQuery query, long before, int maxResults) {
    return whenComplete(
        index -> {
          index.refresh();
          return index.list(query, before, maxResults);
        });
  }

  @Override
  public CompletionStage<SearchOutcome> search(
      SearchQuery query, @Nullable Long beyond, int limit) {
    return whenComplete(
        index -> {
          // Before the refresh, or something could be promised that is not seen.
          Instant seen = asOf;
          index.refresh();
          return index.search(query, beyond, limit, seen);
        });
  }

  @Override
  public CompletionStage<MeasuredExecutions> measure(MetricsQuery query) {
    return whenComplete(
        index -> {
          Instant seen = asOf; // before the refresh, as in a search
          index.refresh();
          return index.measure(query, seen);
        });
  }

  /** What was committed before this can be found; null: the index is being built. */
  public @Nullable Instant asOf() {
    return complete == null ? null : asOf;
  }

  /** How many executions run, as far as has been read; it takes the longer the more do. */
  public CompletionStage<Integer> running() {
    return whenComplete(
        index -> {
          index.refresh();
          return index.running();
        });
  }

  /** An execution as far as it has been read; empty: it is not known. */
  CompletionStage<Optional<IndexedExecution>> find(String executionArn) {
    return whenComplete(index -> Optional.ofNullable(index.find(executionArn)));
  }

  private <T> CompletionStage<T> whenComplete(Function<ExecutionIndex, T> look) {
    ExecutionIndex index = complete;
    if (index == null) {
      return CompletableFuture.failedFuture(
          new Unavailable("The list of executions is being built", RETRY_AFTER));
    }
    return CompletableFuture.supplyAsync(() -> look.apply(index), executor);
  }

  @Override
  public void close() {
    reader.close();
  }

  private void readFrom(Consumer<byte[], byte[]> opened) throws IOException {
    try (ExecutionIndex index = open()) {
      new Reading(opened, index).run();
    } finally {
      complete = null;
      listener.interrupted();
    }
  }

  /** An index that can't be read is worth no more than none. */
  private ExecutionIndex open() throws IOException {
    try {
      return ExecutionIndex.open(directory, SearchLimits.DEFAULT);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The index in {} can't be read and is built anew", directory, e);
      delete(directory);
      return ExecutionIndex.open(directory, SearchLimits.DEFAULT);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** From one consumer into one index, until either fails. */
  private final class Reading {

    private final Consumer<byte[], byte[]> from;
    private final ExecutionIndex index;
    private final List<TopicPartition> partitions;
    private final StatusChanges changes;
    private long refreshedNanos = System.nanoTime();
    private long committedNanos = System.nanoTime();
    private long forgottenNanos = System.nanoTime() - FORGOTTEN_EVERY_NANOS;
    private boolean dirty;

    Reading(Consumer<byte[], byte[]> from, ExecutionIndex index) {
      this.from = from;
      this.index = index;
      this.partitions =
          from.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(topic.name(), info.partition()))
              .toList();
      this.changes = new StatusChanges(topic, partitions.size(), index::find);
    }

    void run() {
      from.assign(partitions);
      Map<Integer, Long> indexed = index.offsets();
      Map<TopicPartition, Long> beginnings = from.beginningOffsets(partitions);
      partitions.forEach(
          partition ->
              from.seek(
                  partition,
                  // What was deleted from the topic meanwhile can't be read any more.
                  Math.max(
                      indexed.getOrDefault(partition.partition(), 0L), beginnings.get(partition))));
      Map<TopicPartition, Long> ends = from.endOffsets(partitions);
      try {
        while (reader.isOpen()) {
          ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
          take(records);
          if (complete != null) {
            listener.read(records, next());
          }
          if (hasNoLag()) {
            asOf = clock.instant();
          }
          if (complete == null && isAt(ends)) {
            index.refresh();
            complete = index;
            listener.read(List.of(), next());
          }
          refreshIfDue();
          forgetIfDue();
          commitIfDue();
        }
      } finally {
        if (dirty) {
          commit();
        }
      }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
      return partitions.stream().allMatch(p -> from.position(p) >= ends.get(p));
    }

    private long[] next() {
      long[] next = new long[partitions.size()];
      partitions.forEach(p -> next[p.partition()] = from.position(p));
      return next;
    }

    /** As the brokers said when records were last fetched. */
    private boolean hasNoLag() {
      return partitions.stream().allMatch(p -> from.currentLag(p).orElse(1) <= 0);
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
      index.put(changes.in(records));
      dirty |= !records.isEmpty();
    }

    /** Lists refresh for themselves; this bounds what waits for one in memory. */
    private void refreshIfDue() {
      if (System.nanoTime() - refreshedNanos >= REFRESHED_EVERY_NANOS) {
        index.refresh();
        refreshedNanos = System.nanoTime();
      }
    }

    private void forgetIfDue() {
      if (System.nanoTime() - forgottenNanos >= FORGOTTEN_EVERY_NANOS) {
        Instant before = clock.instant().minus(topic.retention());
        switch (topic.purpose()) {
          case SEARCHED, SEARCHED_WITHOUT_PAYLOADS -> index.forget(Fields.STOP, before);
          // They run for minutes, and one whose end a crash has lost would stay for ever.
          case LOCATED -> index.forget(Fields.START, before);
        }
        forgottenNanos = System.nanoTime();
      }
    }

    private void commitIfDue() {
      if (dirty && System.nanoTime() - committedNanos >= COMMITTED_EVERY_NANOS) {
        commit();
      }
    }

    private void commit() {
      Map<Integer, Long> offsets = new HashMap<>();
      partitions.forEach(p -> offsets.put(p.partition(), from.position(p)));
      index.commit(offsets);
      dirty = false;
      committedNanos = System.nanoTime();
    }
  }
}
