package io.stepstream.coordinator.live;

import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.LogPosition;
import io.stepstream.coordinator.execution.StatusChange;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.index.ExecutionIndexer;
import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tells listeners what the indexer reads, and reads for those who are behind it. */
public final class HistoryTail implements LiveEvents, ExecutionIndexer.Listener, AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final long LONGEST_WAIT_MILLIS = 1000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final RecordCodec<HistoryRecord> codec;
  private final String topic;
  private final TopicReader past;

  /** Given when there may be something to do for the reader of the past. */
  private final Semaphore wakeUps = new Semaphore(0);

  /** Of one execution each, by its ARN. Guarded by this, as is all that follows. */
  private final Map<String, Set<OfExecution>> executions = new HashMap<>();

  /** Those of all executions who have seen what the indexer has. */
  private final Set<OfAll> present = new LinkedHashSet<>();

  /** The others; the first is the one whose turn it is. */
  private final Deque<OfAll> behind = new ArrayDeque<>();

  /** What the indexer will read next; null: it does not read, or not yet what happens now. */
  private long @Nullable [] next; // changed in place, so it never leaves

  /**
   * A tail whose listeners hear something once an indexer calls it; it reads the past after {@link
   * #start}.
   *
   * @param consumers make a consumer that reads committed records only and assigns nothing itself
   */
  public HistoryTail(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<HistoryRecord> codec) {
    this.topic = topic;
    this.codec = codec;
    this.past = new TopicReader("stepstream-past", topic + " again", consumers, this::readPast);
  }

  public void start() {
    past.start();
  }

  @Override
  public void close() {
    interrupted();
    past.close();
  }

  // ------------------------------------------------------------------ who listens

  private final class OfExecution implements Following {
    private final String arn;
    private final LongConsumer grown;
    private final Runnable interrupted;

    OfExecution(String arn, LongConsumer grown, Runnable interrupted) {
      this.arn = arn;
      this.grown = grown;
      this.interrupted = interrupted;
    }

    @Override
    public void goOn() {
      // Nothing waits for it: it is told of events, not given them.
    }

    @Override
    public void close() {
      synchronized (HistoryTail.this) {
        executions.computeIfPresent(
            arn,
            (_, followers) -> {
              followers.remove(this);
              return followers.isEmpty() ? null : followers;
            });
      }
    }
  }

  private final class OfAll implements Following {
    private final Changes changes;

    /** What it has not been told; while it is behind, the reader of the past's. */
    private final long[] next;

    /** Whether {@link #next} has been compared with what is on the topic. */
    private boolean checked;

    OfAll(long[] next, Changes changes) {
      this.next = next.clone();
      this.changes = changes;
    }

    void take(ConsumerRecord<byte[], byte[]> record, @Nullable StatusChange change) {
      if (record.offset() < next[record.partition()]) {
        return;
      }
      next[record.partition()] = record.offset() + 1;
      if (change != null) {
        changes.changed(change, new LogPosition(next));
      }
    }

    @Override
    public void goOn() {
      wakeUps.release();
    }

    @Override
    public void close() {
      synchronized (HistoryTail.this) {
        present.remove(this);
        behind.remove(this);
      }
    }
  }

  @Override
  public synchronized Following follow(
      String executionArn, LongConsumer grown, Runnable interrupted) {
    requireNext();
    OfExecution follower = new OfExecution(executionArn, grown, interrupted);
    executions.computeIfAbsent(executionArn, _ -> new HashSet<>()).add(follower);
    return follower;
  }

  @Override
  public synchronized Following follow(@Nullable LogPosition from, Changes changes) {
    long[] now = requireNext();
    if (from == null) {
      OfAll follower = new OfAll(now, changes);
      present.add(follower);
      return follower;
    }
    if (from.partitions() > now.length) {
      throw new IllegalArgumentException(
          "a position in %d partitions of %d".formatted(from.partitions(), now.length));
    }
    // Of partitions that were added since nothing has been told yet.
    OfAll follower = new OfAll(Arrays.copyOf(from.offsets(), now.length), changes);
    behind.add(follower);
    wakeUps.release();
    return follower;
  }

  @Override
  public synchronized LogPosition now() {
    return new LogPosition(requireNext());
  }

  private long[] requireNext() {
    if (next == null) {
      throw new Unavailable("This node does not follow what happens yet", RETRY_AFTER);
    }
    return next;
  }

  // ------------------------------------------------------------------ what happens now

  @Override
  public void read(Iterable<ConsumerRecord<byte[], byte[]>> records, long[] upTo) {
    // One by one: who begins or ends to listen must not wait for all of them.
    records.forEach(this::tell);
    synchronized (this) {
      next = upTo.clone();
    }
  }

  private synchronized void tell(ConsumerRecord<byte[], byte[]> record) {
    if (next == null) {
      return;
    }
    next[record.partition()] = record.offset() + 1;
    if (!executions.isEmpty() && record.key() != null) {
      Set<OfExecution> followers = executions.get(HistoryKey.executionArn(record.key()));
      if (followers != null) {
        long firstEventId = HistoryKey.firstEventId(record.key());
        List.copyOf(followers).forEach(follower -> follower.grown.accept(firstEventId));
      }
    }
    if (!present.isEmpty()) {
      StatusChange change = change(record);
      List.copyOf(present).forEach(follower -> follower.take(record, change));
    }
  }

  @Override
  public void interrupted() {
    List<Runnable> all = new ArrayList<>();
    synchronized (this) {
      next = null;
      executions.values().forEach(some -> some.forEach(one -> all.add(one.interrupted)));
      present.forEach(one -> all.add(one.changes::interrupted));
      behind.forEach(one -> all.add(one.changes::interrupted));
      executions.clear();
      present.clear();
      behind.clear();
    }
    all.forEach(Runnable::run);
  }

  /** Null: the record tells of none, or can't be read. */
  private @Nullable StatusChange change(ConsumerRecord<byte[], byte[]> record) {
    ExecutionStatus status = HistoryHeaders.status(record.headers());
    if (status == null
        || !(codec.decode(record.value()) instanceof Decoded.Read(HistoryRecord history))
        || history.getEvents().isEmpty()) {
      return null;
    }
    HistoryEvent latest = history.getEvents().getLast();
    // Who listens is not asked for a right to the key.
    SealedFields.strip(latest);
    HistoryEventDetails details = latest.getDetails();
    return new StatusChange(
        history.getExecutionArn(),
        history.getStateMachineArn(),
        status,
        latest.getTimestamp(),
        details == null ? null : details.getError(),
        details == null ? null : details.getCause(),
        history.getMapRunArn());
  }

  // ------------------------------------------------------------------ what was missed

  private void readPast(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    OfAll sought = null;
    while (past.isOpen()) {
      OfAll follower = await();
      if (follower == null) {
        sought = null; // what was fetched ahead is old by now
      } else {
        if (follower != sought) {
          seek(consumer, partitions, follower);
          sought = follower;
        }
        slice(consumer, partitions, follower);
      }
    }
  }

  /** Whose turn it is; null: nobody's for a while. */
  private @Nullable OfAll await() {
    OfAll follower = turn();
    if (follower == null) {
      try {
        if (wakeUps.tryAcquire(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          wakeUps.drainPermits();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      follower = turn();
    }
    return follower;
  }

  private synchronized @Nullable OfAll turn() {
    for (OfAll follower : behind) {
      if (follower.changes.hasRoom()) {
        return follower;
      }
    }
    return null;
  }

  private static void seek(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, OfAll follower) {
    if (!follower.checked) {
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      boolean lost = false;
      for (TopicPartition partition : partitions) {
        int p = partition.partition();
        lost |= follower.next[p] < beginnings.get(partition);
        follower.next[p] =
            Math.clamp(follower.next[p], beginnings.get(partition), ends.get(partition));
      }
      follower.checked = true;
      if (lost) {
        follower.changes.lost();
      }
    }
    partitions.forEach(p -> consumer.seek(p, follower.next[p.partition()]));
  }

  private void slice(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, OfAll follower) {
    if (!hasMet(follower)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        follower.take(record, change(record));
      }
      // Beyond what tells of no change, such as the ends of transactions.
      partitions.forEach(p -> follower.next[p.partition()] = consumer.position(p));
      hasMet(follower);
    }
  }

  /** Whether it has seen all that the indexer has: from now on it listens. */
  private synchronized boolean hasMet(OfAll follower) {
    if (!behind.remove(follower)) {
      return true; // it has gone
    }
    boolean met = next != null;
    for (int p = 0; met && p < follower.next.length; p++) {
      met = follower.next[p] >= next[p];
    }
    if (met) {
      present.add(follower);
    } else {
      behind.add(follower);
    }
    return met;
  }
}
