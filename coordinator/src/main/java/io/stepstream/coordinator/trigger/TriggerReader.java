package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.TopicTrigger;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a trigger's topic as a member of its group, with a thread and a consumer of its own.
 *
 * <p>A paused one stays in the group and fetches nothing: a group without members forgets its
 * offsets after the brokers' {@code offsets.retention.minutes}.
 */
final class TriggerReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TriggerReader.class);

  /** Before so much is done with, a partition that has records waiting gets no more. */
  private static final long MOST_BUFFERED_BYTES = 8L << 20;

  private static final Duration POLL_IDLE = Duration.ofMillis(200);
  private static final Duration POLL_BUSY = Duration.ofMillis(5);
  private static final long COMMIT_NANOS = Duration.ofMillis(500).toNanos();

  /** What is under way when partitions go is waited for so long; the rest is read again. */
  private static final Duration LAST_ANSWERS = Duration.ofMillis(1_000);

  private static final Duration LAST_COMMIT = Duration.ofSeconds(2);

  private final TopicTrigger trigger;
  private final Treatment treatment;
  private final Clock clock;
  private final TopicReader reader;

  /** Of the reader's thread. */
  private final Map<TopicPartition, PartitionWork> works = new HashMap<>();

  private long committedNanos;

  /**
   * @param consumers make a consumer of the trigger's group that resets no offsets itself
   */
  TriggerReader(
      TopicTrigger trigger,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Treatment treatment,
      Clock clock) {
    this.trigger = trigger;
    this.treatment = treatment;
    this.clock = clock;
    this.reader =
        new TopicReader(
            "stepstream-trigger-" + trigger.getName(),
            "for trigger " + trigger.getName(),
            consumers,
            this::readFrom);
  }

  TopicTrigger trigger() {
    return trigger;
  }

  void start() {
    reader.start();
  }

  @Override
  public void close() {
    reader.close();
  }

  private void readFrom(Consumer<byte[], byte[]> consumer) {
    works.clear();
    consumer.subscribe(List.of(trigger.getTopic()), new Assignment(consumer));
    try {
      while (reader.isOpen()) {
        try {
          round(consumer);
        } catch (WakeupException _) {
          // It is being closed; the loop looks.
        } catch (OffsetOutOfRangeException e) {
          findBeginning(consumer, e.offsetOutOfRangePartitions());
        }
      }
      hand(consumer, works.keySet());
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException bug) {
      // The reader of topics begins anew after what comes from Kafka; so it must after this.
      throw new KafkaException("a bug in the reader of trigger " + trigger.getName(), bug);
    }
  }

  private void round(Consumer<byte[], byte[]> consumer) {
    boolean busy = works.values().stream().anyMatch(work -> !work.isIdle());
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(busy ? POLL_BUSY : POLL_IDLE)) {
      works.get(new TopicPartition(record.topic(), record.partition())).add(record);
    }
    works.forEach(
        (partition, work) -> {
          work.advance(System.nanoTime());
          work.reached(consumer.position(partition));
        });
    limit(consumer);
    if (System.nanoTime() - committedNanos >= COMMIT_NANOS) {
      committedNanos = System.nanoTime();
      commit(consumer);
    }
  }

  private void limit(Consumer<byte[], byte[]> consumer) {
    boolean full =
        works.values().stream().mapToLong(PartitionWork::bytes).sum() >= MOST_BUFFERED_BYTES;
    Set<TopicPartition> pause = new HashSet<>();
    Set<TopicPartition> resume = new HashSet<>();
    works.forEach(
        (partition, work) ->
            (trigger.getPaused() || work.isFull() || full && !work.isIdle() ? pause : resume)
                .add(partition));
    consumer.pause(pause);
    consumer.resume(resume);
  }

  private void commit(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(works.keySet());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure == null) {
              markCommitted(committed);
            } else {
              LOG.debug("Offsets of trigger {} are committed later", trigger.getName(), failure);
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      PartitionWork work = works.get(partition);
      OffsetAndMetadata offset = work == null ? null : work.toCommit();
      if (offset != null) {
        offsets.put(partition, offset);
      }
    }
    return offsets;
  }

  private void markCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          PartitionWork work = works.get(partition);
          if (work != null) {
            work.committed(offset);
          }
        });
  }

  /** Before partitions go to another reader: what is done need not be done again. */
  private void hand(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    long until = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (partitions.stream().anyMatch(p -> works.containsKey(p) && works.get(p).isUnderWay())
        && System.nanoTime() < until) {
      for (TopicPartition partition : partitions) {
        PartitionWork work = works.get(partition);
        if (work != null) {
          work.conclude(System.nanoTime());
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        consumer.commitSync(offsets, LAST_COMMIT);
        return;
      } catch (WakeupException _) {
        // It was for a poll that is over; the next call isn't disturbed.
      } catch (KafkaException e) {
        LOG.debug("Records of trigger {} will be read again", trigger.getName(), e);
        return;
      }
    }
  }

  /** Records were deleted before they were read, or the topic was created anew. */
  private void findBeginning(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet());
    positions.forEach(
        (partition, position) -> {
          long beginning = beginnings.get(partition);
          String why =
              "partition %d has no offset %d any more; reading goes on at %d"
                  .formatted(partition.partition(), position, beginning);
          LOG.warn("Trigger {}: {}", trigger.getName(), why);
          works.get(partition).missed(Math.max(0, beginning - position), why);
          consumer.seek(partition, beginning);
        });
  }

  private final class Assignment implements ConsumerRebalanceListener {

    private final Consumer<byte[], byte[]> consumer;

    Assignment(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          consumer.committed(new HashSet<>(partitions));
      Map<TopicPartition, Long> beginnings = null;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = committed.get(partition);
        Progress progress =
            offset == null ? null : Progress.parse(offset.metadata(), trigger.getId());
        long next;
        if (progress != null) {
          next = offset.offset();
        } else if (partition.partition() < trigger.getFrom().size()) {
          progress = Progress.none(trigger.getId());
          next = trigger.getFrom().get(partition.partition());
        } else {
          if (beginnings == null) {
            beginnings = consumer.beginningOffsets(partitions);
          }
          progress = Progress.none(trigger.getId());
          next = beginnings.get(partition);
        }
        consumer.seek(partition, next);
        works.put(partition, new PartitionWork(treatment, clock, next, progress));
      }
      if (trigger.getPaused()) {
        consumer.pause(partitions);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      hand(consumer, partitions);
      partitions.forEach(works::remove);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      partitions.forEach(works::remove);
    }
  }
}
