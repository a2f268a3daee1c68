package io.stepstream.coordinator.reply;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A stream thread's consumer, which reports how long the thread is a member of its group. */
final class PollObservingConsumer extends KafkaConsumer<byte[], byte[]> {

  private final CommitPacing pacing;
  private final long memberNanos;

  /**
   * @param config with the session's timeout and the interval of heartbeats
   */
  PollObservingConsumer(Map<String, Object> config, CommitPacing pacing) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.pacing = pacing;
    // The last heartbeat may have been that long before.
    this.memberNanos =
        millis(config, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)
            .minus(millis(config, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG))
            .toNanos();
  }

  private static Duration millis(Map<String, Object> config, String key) {
    return Duration.ofMillis(Long.parseLong(config.get(key).toString()));
  }

  /** Counted from its beginning: the process may hang while it waits for records. */
  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    pacing.ofThisThread().polls(System.nanoTime() + memberNanos);
    return super.poll(timeout);
  }
}
