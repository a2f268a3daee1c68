package io.stepstream.worker;

import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@link Topics#QUEUES} from its beginning, and the presence of the queues' workers, on one
 * thread. When Kafka fails it begins anew; what was known holds meanwhile.
 */
final class LimitsReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LimitsReader.class);

  private static final TopicPartition PARTITION = new TopicPartition(Topics.QUEUES, 0);
  private static final Duration POLL = Duration.ofMillis(200);

  private final WorkerClients clients;
  private final Admin admin;
  private final RecordCodec<QueueControl> codec;
  private final List<String> queues;
  private final QueueLimits limits;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final Follower follower =
      new Follower(
          "stepstream-queue-limits",
          "The limits of the queues can't be read, and stay as they are for now.",
          this::follow);

  LimitsReader(
      WorkerClients clients,
      Admin admin,
      RecordCodec<QueueControl> codec,
      List<String> queues,
      QueueLimits limits) {
    this.clients = clients;
    this.admin = admin;
    this.codec = codec;
    this.queues = queues;
    this.limits = limits;
  }

  /** Begins; the topic must exist. */
  void start() {
    follower.start();
  }

  /** Waits until the limits that were set before the start hold. */
  void awaitCaughtUp() throws InterruptedException {
    caughtUp.await();
  }

  private void follow() {
    try (Consumer<byte[], byte[]> consumer = clients.reader();
        Presence presence = new Presence(clients, admin, queues, limits::look)) {
      follow(consumer, presence);
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer, Presence presence) {
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
    Map<String, QueueControl> found = new HashMap<>();
    while (follower.isOpen() && consumer.position(PARTITION) < end) {
      consumer.poll(POLL).records(PARTITION).forEach(record -> keep(record, found));
    }
    if (follower.isOpen()) {
      limits.replace(found);
      caughtUp.countDown();
    }
    while (follower.isOpen()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(PARTITION)) {
        if (keep(record, found)) {
          String queue = queue(record);
          LOG.info("The limits of queue {} are {} now.", queue, found.get(queue));
          limits.change(queue, found.get(queue));
        }
      }
      presence.tend();
    }
  }

  /** False: it can't be read, and what was there before holds on. */
  private boolean keep(ConsumerRecord<byte[], byte[]> record, Map<String, QueueControl> found) {
    if (record.key() == null) {
      return false;
    }
    if (record.value() == null) {
      found.remove(queue(record));
      return true;
    }
    return switch (codec.decode(record.value())) {
      case Decoded.Read<QueueControl>(QueueControl control) -> {
        found.put(queue(record), control);
        yield true;
      }
      case Decoded.Unreadable<QueueControl>(String reason) -> {
        LOG.warn(
            "The record at {} offset {} is passed over: {}", PARTITION, record.offset(), reason);
        yield false;
      }
    };
  }

  private static String queue(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    follower.close();
  }
}
