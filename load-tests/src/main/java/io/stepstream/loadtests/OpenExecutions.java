package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Standard executions that wait for a moment far away. Nobody here remembers them: that would be a
 * part of the memory that is measured.
 */
final class OpenExecutions {

  /** The lane's consumer group: its Kafka Streams application. */
  private static final String GROUP = Topics.STANDARD_APPLICATION;

  private static final String INBOX = LaneTopics.of(Lane.STANDARD).inbox();
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Rig rig;
  private final Admin admin;
  private final EnginePipeline waiting;
  private final byte[] input;
  private int open;

  OpenExecutions(Rig rig, Admin admin, EnginePipeline waiting) {
    this.rig = rig;
    this.admin = admin;
    this.waiting = waiting;
    Instant moment = Instant.now().plus(100, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    this.input = "{\"at\":\"%s\"}".formatted(moment).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Starts as many as are missing, as fast as Kafka takes them, and returns when all are waiting.
   *
   * @param count in all
   */
  void openUpTo(int count) throws InterruptedException {
    rig.say("%d executions that wait", count);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                rig.bootstrapServers(),
                "acks",
                "all",
                "linger.ms",
                5,
                "enable.metrics.push",
                "false"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (; open < count; open++) {
        producer.send(
            waiting.start(open, input), (_, failed) -> failure.compareAndSet(null, failed));
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new BenchFailure("A start could not be sent: " + failed.getMessage(), failed);
    }
    awaitTaken();
  }

  /**
   * A start and the beginning of the wait are one step, in one transaction with the inbox' offset.
   */
  private void awaitTaken() throws InterruptedException {
    long least = Long.MAX_VALUE;
    long since = System.nanoTime();
    for (long left = left(); left > 0; left = left()) {
      if (left < least) {
        least = left;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new BenchFailure(
            "%d starts have not been taken, and none has for %d s"
                .formatted(left, PATIENCE.toSeconds()));
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Records of the inbox that the lane has not committed. */
  private long left() throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed;
    try {
      committed = admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      throw new BenchFailure("The lane's offsets can't be read: " + e.getCause().getMessage(), e);
    }
    return new RecordCount(admin)
        .now(INBOX::equals).ends().entrySet().stream()
            .mapToLong(
                end -> {
                  OffsetAndMetadata offset = committed.get(end.getKey());
                  return end.getValue() - (offset == null ? 0 : offset.offset());
                })
            .sum();
  }
}
