package io.stepstream.loadtests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the topic of completions from its present end on: which executions have ended, and how
 * long after they were due to start. Thread safe.
 */
final class Completions implements AutoCloseable {

  private static final int VERIFY_ONE_IN = 100;
  private static final Duration POLL = Duration.ofMillis(100);

  /** Beyond any stall that a run would survive. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Pipeline pipeline;
  private final Consumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Map<Long, Long> due = new ConcurrentHashMap<>();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final Recorder latencies = new Recorder(3);
  private final Semaphore room = new Semaphore(0);
  private int allowed;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closing;

  private Completions(Pipeline pipeline, Consumer<byte[], byte[]> consumer) {
    this.pipeline = pipeline;
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().daemon().name("bench-completions").unstarted(this::watch);
  }

  /** Reads the committed records of a topic from its present end on. */
  static Consumer<byte[], byte[]> consumerAtEnd(String bootstrapServers, String topic) {
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.metrics.push",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Seeking is lazy: asking for the position makes it happen before the first start.
    partitions.forEach(consumer::position);
    return consumer;
  }

  static Completions watch(String bootstrapServers, Pipeline pipeline) {
    Consumer<byte[], byte[]> consumer =
        consumerAtEnd(bootstrapServers, pipeline.completionsTopic());
    Completions completions = new Completions(pipeline, consumer);
    completions.thread.start();
    return completions;
  }

  /** From now on so many executions may be under way at once, not fewer than before. */
  synchronized void allow(int inFlight) {
    room.release(inFlight - allowed);
    allowed = inFlight;
  }

  /** Waits until one more execution may be under way, and takes its room. */
  void awaitRoom() throws InterruptedException {
    while (!room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
      check();
    }
  }

  /** No execution begins after all. */
  void giveRoomBack() {
    room.release();
  }

  /** An execution begins; its latency counts from {@code dueNanos} on. */
  void begins(long sequence, long dueNanos) {
    due.put(sequence, dueNanos);
  }

  /** When that execution was due to start; nothing if it isn't under way. */
  OptionalLong dueNanos(long sequence) {
    Long dueNanos = due.get(sequence);
    return dueNanos == null ? OptionalLong.empty() : OptionalLong.of(dueNanos);
  }

  /** Executions ended since the beginning. */
  long ended() {
    return ended.get();
  }

  /** Completions of executions that had ended already, which at-least-once allows. */
  long repeated() {
    return repeated.get();
  }

  /** The latencies since the last call, in microseconds. */
  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }

  /**
   * Waits until nothing is under way.
   *
   * @throws BenchFailure if nothing ends any more
   */
  void awaitAll() {
    awaitAll(System.nanoTime());
  }

  /**
   * The same for executions that wait for a moment.
   *
   * @param momentNanos by {@link System#nanoTime}; until then it is no failure that none ends
   * @throws BenchFailure if nothing ends any more
   */
  void awaitAll(long momentNanos) {
    long progress = ended.get() + pipeline.itemsDone();
    long since = momentNanos;
    while (!due.isEmpty()) {
      check();
      long now = ended.get() + pipeline.itemsDone();
      if (now != progress) {
        progress = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new BenchFailure(
            "%s: %d executions have not ended, and none has for %d s"
                .formatted(pipeline.name(), due.size(), PATIENCE.toSeconds()));
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /**
   * @throws BenchFailure if watching or sending has failed
   */
  void check() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  void fail(RuntimeException reason) {
    failure = reason;
  }

  private void watch() {
    try (consumer) {
      while (!closing) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          take(record, now);
        }
      }
    } catch (WakeupException _) {
      // close
    } catch (RuntimeException e) {
      fail(new BenchFailure("The completions can't be read: " + e.getMessage(), e));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, long now) {
    if (!pipeline.started(record)) {
      return; // another pipeline's, which is measured at the same time
    }
    Long dueNanos = due.remove(pipeline.sequence(record));
    if (dueNanos == null) {
      repeated.incrementAndGet();
      return;
    }
    latencies.recordValue(Math.max(0, (now - dueNanos) / 1_000));
    if (ended.incrementAndGet() % VERIFY_ONE_IN == 1) {
      pipeline.verify(record);
    }
    room.release();
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
