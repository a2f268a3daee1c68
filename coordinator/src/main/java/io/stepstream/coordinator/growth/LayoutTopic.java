package io.stepstream.coordinator.growth;

import io.stepstream.schemas.PartitionLayout;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** The topic that remembers {@link Generations}: who reads it needs no setting for them. */
public final class LayoutTopic {

  private static final TopicPartition PARTITION = new TopicPartition(Topics.LAYOUT, 0);
  private static final byte[] KEY = "executions".getBytes(StandardCharsets.UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final WireCodec<PartitionLayout> codec;
  private final Clock clock;

  public LayoutTopic(SchemaRegistry registry, Clock clock) {
    this.codec = WireCodec.forTopic(PartitionLayout.class, Topics.LAYOUT, registry);
    this.clock = clock;
  }

  /**
   * What the topic has; empty: nothing yet.
   *
   * @param consumer that assigns nothing itself and reads committed records; left open
   * @throws IllegalStateException when its latest record can't be read, or not in time
   */
  public Optional<Generations> read(Consumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    ConsumerRecord<byte[], byte[]> latest = null;
    while (consumer.position(PARTITION) < end) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s can't be read within %d s. Check that the partition has a leader."
                .formatted(PARTITION, PATIENCE.toSeconds()));
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(PARTITION)) {
        latest = record;
      }
    }
    return Optional.ofNullable(latest).map(this::generations);
  }

  private Generations generations(ConsumerRecord<byte[], byte[]> record) {
    String reason;
    switch (codec.decode(record.value())) {
      case Decoded.Unreadable(String unreadable) -> reason = unreadable;
      case Decoded.Read(PartitionLayout layout) -> {
        try {
          return new Generations(layout.getPartitions());
        } catch (IllegalArgumentException e) {
          reason = String.valueOf(e.getMessage());
        }
      }
    }
    throw new IllegalStateException(
        "The record of %s at offset %d can't be used: %s. Nobody but Stepstream writes there; see docs/topics.md."
            .formatted(PARTITION, record.offset(), reason));
  }

  /**
   * Remembers them durably.
   *
   * @throws KafkaException when Kafka doesn't take it
   */
  public void append(Producer<byte[], byte[]> producer, Generations generations) {
    PartitionLayout layout = new PartitionLayout(generations.counts(), clock.instant());
    try {
      producer
          .send(
              new ProducerRecord<>(
                  PARTITION.topic(), PARTITION.partition(), KEY, codec.encode(layout)))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Over how many partitions executions are spread can't be kept", e);
    }
  }

  /**
   * As a node needs it when it starts and its topics are right: what the topic has, or with the
   * first start what is configured.
   *
   * @param producers makes one for the first start, which is closed here
   * @param configured partitions of the topics
   * @throws IllegalStateException with what is wrong and how to mend it
   */
  public Generations known(
      Consumer<byte[], byte[]> consumer,
      Supplier<Producer<byte[], byte[]>> producers,
      int configured) {
    Optional<Generations> known = read(consumer);
    if (known.isEmpty()) {
      Generations first = Generations.of(configured);
      try (Producer<byte[], byte[]> producer = producers.get()) {
        append(producer, first);
      }
      return first;
    }
    if (known.get().partitions() != configured) {
      throw new IllegalStateException(
          ("The topics have %d partitions, but executions are spread over %s: a growth did not come"
                  + " to its end. Run it again: stepstream grow --partitions %d")
              .formatted(configured, known.get().counts(), configured));
    }
    return known.get();
  }
}
