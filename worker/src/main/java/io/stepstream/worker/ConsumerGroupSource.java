package io.stepstream.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires orders in a classic consumer group, for brokers below 4.2.
 *
 * <p>Any number of orders of a partition run at the same time, but only the contiguous beginning is
 * committed. So one slow task holds the commit of its partition back, and all that was done after
 * it is repeated if the worker dies: the price of head-of-line commits. There are at most as many
 * working workers as partitions, and no delivery is counted, so an order that kills its worker
 * comes back without end.
 */
final class ConsumerGroupSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroupSource.class);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration FULL = Duration.ofMillis(20);
  private static final long COMMIT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long REPEAT_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A consumer that failed would most likely fail again at once. */
  private static final long REPLACE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private record Settled(GroupDelivery delivery, Settlement settlement) {}

  private record Repeat(GroupDelivery delivery, long at) {}

  private final String queue;
  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final TaskIntake intake;
  private final Queue<Settled> settledElsewhere = new ConcurrentLinkedQueue<>();

  // Confined to the source's thread.
  private final Map<TopicPartition, OffsetPrefix> assigned = new HashMap<>();
  private final Queue<Repeat> repeats = new ArrayDeque<>();
  private long committedAt;
  private boolean paused;

  private volatile long startedAt;
  private volatile boolean stopping;
  private volatile boolean closing;
  private volatile Thread thread = new Thread();

  /**
   * @param consumers makes a consumer that commits nothing by itself
   */
  ConsumerGroupSource(
      String queue, String topic, Supplier<Consumer<byte[], byte[]>> consumers, TaskIntake intake) {
    this.queue = queue;
    this.topic = topic;
    this.consumers = consumers;
    this.intake = intake;
  }

  @Override
  public void start() {
    startedAt = System.nanoTime();
    thread =
        Thread.ofPlatform().daemon().name("stepstream-" + queue + "-group").start(this::consume);
  }

  @Override
  public void tend() {
    if (!stopping && !thread.isAlive() && System.nanoTime() - startedAt > REPLACE_AFTER_NANOS) {
      LOG.warn("The consumer of queue {} has ended; a new one takes over.", queue);
      assigned.clear();
      repeats.clear();
      start();
    }
  }

  @Override
  public void stopAcquiring() {
    stopping = true;
  }

  @Override
  public void close(Duration timeout) {
    stopping = true;
    closing = true;
    try {
      if (!thread.join(timeout)) {
        LOG.warn("The consumer of queue {} did not end in time.", queue);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isAlive() {
    return thread.isAlive();
  }

  private void consume() {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.subscribe(Set.of(topic), new Rebalance(consumer));
      while (!closing) {
        step(consumer);
      }
      takeSettled();
      commit(consumer);
    } catch (WakeupException | InterruptedException _) {
      LOG.warn("The consumer of queue {} was interrupted.", queue);
    } catch (RuntimeException e) {
      LOG.error("The consumer of queue {} failed.", queue, e);
    }
  }

  private void step(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    takeSettled();
    repeat();
    if (System.nanoTime() - committedAt >= COMMIT_EVERY_NANOS) {
      committedAt = System.nanoTime();
      commitAsync(consumer);
    }
    boolean pause = stopping || !intake.awaitCapacity(FULL);
    if (pause) {
      consumer.pause(consumer.assignment());
    } else if (paused) {
      consumer.resume(consumer.paused());
    }
    paused = pause;
    // A paused poll brings nothing, it only shows that the consumer lives; so it needn't wait.
    Duration wait = pause && !stopping ? Duration.ZERO : POLL;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      OffsetPrefix prefix =
          assigned.computeIfAbsent(
              new TopicPartition(record.topic(), record.partition()), _ -> new OffsetPrefix());
      prefix.add(record.offset());
      intake.take(new GroupDelivery(record, prefix));
    }
  }

  private void takeSettled() {
    for (Settled one = settledElsewhere.poll(); one != null; one = settledElsewhere.poll()) {
      GroupDelivery delivery = one.delivery();
      switch (one.settlement()) {
        case ACCEPT, REJECT -> delivery.prefix.done(delivery.record.offset());
        case RELEASE -> {
          // A classic group can't give one record back. While draining it stays undone, so the
          // commit
          // stops before it and the next owner of the partition gets it; else it is tried again
          // here.
          if (!stopping) {
            repeats.add(new Repeat(delivery, System.nanoTime() + REPEAT_AFTER_NANOS));
          }
        }
      }
    }
  }

  private void repeat() {
    for (Repeat next = repeats.peek();
        next != null && System.nanoTime() - next.at() >= 0;
        next = repeats.peek()) {
      repeats.remove();
      GroupDelivery delivery = next.delivery();
      if (assigned.containsValue(delivery.prefix)) {
        intake.take(new GroupDelivery(delivery.record, delivery.prefix));
      }
    }
  }

  private void commitAsync(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    assigned.forEach(
        (partition, prefix) ->
            prefix
                .takeAdvance()
                .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (_, problem) -> {
            if (problem != null) {
              // The next commit covers it.
              LOG.debug("A commit of queue {} failed.", queue, problem);
            }
          });
    }
  }

  private void commit(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    assigned.forEach(
        (partition, prefix) ->
            prefix
                .next()
                .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
    if (!offsets.isEmpty()) {
      consumer.commitSync(offsets);
    }
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    private final Consumer<byte[], byte[]> consumer;

    Rebalance(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // A new assignment isn't paused, whatever the others are.
      paused = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      takeSettled();
      try {
        commit(consumer);
      } catch (KafkaException e) {
        LOG.warn("What was done of queue {} could not be committed; it is repeated.", queue, e);
      }
      assigned.keySet().removeAll(new HashSet<>(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      assigned.keySet().removeAll(new HashSet<>(partitions));
    }
  }

  private final class GroupDelivery implements Delivery {

    private final ConsumerRecord<byte[], byte[]> record;
    private final OffsetPrefix prefix;

    GroupDelivery(ConsumerRecord<byte[], byte[]> record, OffsetPrefix prefix) {
      this.record = record;
      this.prefix = prefix;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> order() {
      return record;
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public int limit() {
      return Integer.MAX_VALUE;
    }

    @Override
    public void settle(Settlement settlement) {
      settledElsewhere.add(new Settled(this, settlement));
    }
  }
}
