package io.stepstream.coordinator.definition;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.coordinator.sealing.SealPolicies;
import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistryException;
import io.stepstream.schemas.sealing.SealPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every definition there is, on every node: a reader of the whole definitions topic, with a thread
 * and a consumer of its own, shared by both lanes and the API.
 *
 * <p>It isn't a global store of Kafka Streams: there one unreadable record stops every node at
 * start. Here it goes to the dead letters and is passed over. The offset that has been judged so
 * far is committed, so that a restart doesn't report the same record again.
 */
public final class DefinitionCatalogue implements SealPolicies, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DefinitionCatalogue.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final TopicPartition partition;
  private final RecordCodec<DefinitionRecord> codec;
  private final DeadLetters deadLetters;
  private final CompiledMachines machines;
  private final DefinitionIndex index = new DefinitionIndex();
  private final TopicReader reader;
  private final CompletableFuture<Long> endAtStart = new CompletableFuture<>();

  /** Who waits until a position is reached, by that position. */
  private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();

  /** Who wants to know where the topic ends now. */
  private final Queue<CompletableFuture<Long>> endAsked = new ConcurrentLinkedQueue<>();

  private volatile long position;

  /**
   * A catalogue which reads when {@link #start} is called.
   *
   * @param consumers make a consumer that reads committed records only and assigns nothing itself
   */
  DefinitionCatalogue(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<DefinitionRecord> codec,
      DeadLetters deadLetters,
      CompiledMachines machines) {
    this.partition = new TopicPartition(topic, 0);
    this.codec = codec;
    this.deadLetters = deadLetters;
    this.machines = machines;
    this.reader =
        new TopicReader("stepstream-definitions", partition.toString(), consumers, this::readFrom);
  }

  public void start() {
    reader.start();
  }

  /**
   * A revision ready to run. Empty: unknown at {@link #position()}, or its definition is invalid.
   */
  public Optional<CompiledMachine> find(String stateMachineArn, String revisionId) {
    return index.revision(stateMachineArn, revisionId).flatMap(machines::get);
  }

  /** A machine's revision, version or alias that new executions are to run, as it is known now. */
  public Optional<Startable> startable(String stateMachineArn) {
    return Startable.of(index, stateMachineArn);
  }

  /** Whether there is an activity, as it is known now. */
  public boolean hasActivity(String activityArn) {
    return index.activity(activityArn).isPresent();
  }

  @Override
  public boolean areAny() {
    return index.anySealing();
  }

  @Override
  public boolean isKnown(String stateMachineArn, String revisionId) {
    return index.revision(stateMachineArn, revisionId).isPresent();
  }

  @Override
  public @Nullable SealPolicy ofRevision(String stateMachineArn, String revisionId) {
    return index.sealing(DefinitionKeys.revision(stateMachineArn, revisionId));
  }

  @Override
  public @Nullable SealPolicy ofMachine(String stateMachineArn) {
    return index.sealing(stateMachineArn);
  }

  @Override
  public @Nullable SealPolicy ofActivity(String activityArn) {
    return index.sealing(activityArn);
  }

  DefinitionIndex index() {
    return index;
  }

  /** The offset of the next record to be read: everything before it is known. */
  public long position() {
    return position;
  }

  /** Waits until everything is known that was there at the start; false when time is up. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return await(endAtStart.thenCompose(this::reached), timeout);
  }

  /** Whether everything is known that was there at the start. */
  public boolean isCaughtUp() {
    return endAtStart.isDone() && position >= endAtStart.join();
  }

  /** Waits until the record at this offset is known; false when time is up. */
  public boolean awaitOffset(long offset, Duration timeout) throws InterruptedException {
    return await(reached(offset + 1), timeout);
  }

  /** Completes when everything is known that is on the topic now, whoever wrote it. */
  public CompletableFuture<Void> catchUp() {
    CompletableFuture<Long> end = new CompletableFuture<>();
    endAsked.add(end);
    reader.wakeup();
    return end.thenCompose(this::reached);
  }

  @Override
  public void close() {
    reader.close();
  }

  private static boolean await(CompletableFuture<Void> reached, Duration timeout)
      throws InterruptedException {
    try {
      reached.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<Void> reached(long wanted) {
    if (position >= wanted) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> reached =
        waiting.computeIfAbsent(wanted, _ -> new CompletableFuture<>());
    // The reader may have passed by between the look and the entry.
    if (position >= wanted) {
      reached.complete(null);
    }
    // A copy, since a caller that times out must not complete it for the others.
    return reached.copy();
  }

  private void readFrom(Consumer<byte[], byte[]> opened) {
    opened.assign(List.of(partition));
    if (position == 0) {
      opened.seekToBeginning(List.of(partition));
    } else {
      opened.seek(partition, position);
    }
    long judged = judged(opened);
    if (!endAtStart.isDone()) {
      endAtStart.complete(end(opened));
    }
    while (reader.isOpen()) {
      try {
        answerEnds(opened);
        for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL).records(partition)) {
          take(record, record.offset() >= judged);
        }
        long before = position;
        position = opened.position(partition);
        if (position > before && position > judged) {
          opened.commitAsync(Map.of(partition, new OffsetAndMetadata(position)), null);
        }
        waiting.headMap(position, true).values().removeIf(w -> w.complete(null) || w.isDone());
      } catch (WakeupException _) {
        // Somebody asks where the topic ends, or this is being closed; the loop looks at both.
      }
    }
  }

  private long judged(Consumer<byte[], byte[]> opened) {
    OffsetAndMetadata committed = opened.committed(Set.of(partition)).get(partition);
    return committed == null ? 0 : committed.offset();
  }

  private void answerEnds(Consumer<byte[], byte[]> opened) {
    if (endAsked.isEmpty()) {
      return;
    }
    List<CompletableFuture<Long>> asked = new ArrayList<>();
    for (CompletableFuture<Long> a = endAsked.poll(); a != null; a = endAsked.poll()) {
      asked.add(a);
    }
    try {
      long end = end(opened);
      asked.forEach(a -> a.complete(end));
    } catch (KafkaException e) {
      endAsked.addAll(asked);
      throw e;
    }
  }

  private long end(Consumer<byte[], byte[]> opened) {
    return opened.endOffsets(List.of(partition)).get(partition);
  }

  private void take(ConsumerRecord<byte[], byte[]> record, boolean unjudged) {
    String reason;
    try {
      reason = reject(record, unjudged);
    } catch (SchemaRegistryException e) {
      // Says nothing about the record: it is read again when the registry answers.
      throw e;
    } catch (RuntimeException e) {
      LOG.error(
          "A bug: the record at {} offset {} broke its reader", partition, record.offset(), e);
      reason = "internal error: " + e;
    }
    if (reason == null) {
      return;
    }
    if (unjudged) {
      LOG.warn("The record at {} offset {} is passed over: {}", partition, record.offset(), reason);
      deadLetters.put(record, reason);
    } else {
      LOG.debug("Still passed over: offset {}: {}", record.offset(), reason);
    }
  }

  /** Null when the record was taken in. */
  private @Nullable String reject(ConsumerRecord<byte[], byte[]> record, boolean compile) {
    if (record.key() == null) {
      return "the record has no key";
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      index.remove(key);
      return null;
    }
    return switch (codec.decode(record.value())) {
      case Decoded.Unreadable<DefinitionRecord>(String reason) -> reason;
      case Decoded.Read<DefinitionRecord>(DefinitionRecord read) ->
          reject(key, read.getBody(), record.offset(), compile);
    };
  }

  private @Nullable String reject(String key, Object body, long offset, boolean compile) {
    String contradiction = index.contradiction(key, body);
    if (contradiction != null) {
      return contradiction;
    }
    // Definitions that were there before are compiled when an execution wants them: a start that
    // compiles thousands would take minutes.
    if (compile && body instanceof StateMachineRevision revision) {
      String problems = machines.problems(revision);
      if (problems != null) {
        machines.forget(revision);
        return problems;
      }
    }
    index.put(key, body, offset);
    return null;
  }
}
