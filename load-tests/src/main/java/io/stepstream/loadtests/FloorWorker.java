package io.stepstream.loadtests;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One share consumer which sends back what it gets. At least once, as the engine's worker: a batch
 * is acknowledged, by the next poll, after its results are with the broker.
 */
final class FloorWorker implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final ShareConsumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final Thread thread;
  private volatile boolean closing;

  private FloorWorker(ShareConsumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer) {
    this.consumer = consumer;
    this.producer = producer;
    this.thread = Thread.ofPlatform().daemon().name("bench-floor-worker").unstarted(this::work);
  }

  static FloorWorker start(String bootstrapServers, String group) {
    FloorWorker worker =
        new FloorWorker(
            new KafkaShareConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "group.id",
                    group,
                    "enable.metrics.push",
                    "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()),
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "acks",
                    "all",
                    "linger.ms",
                    1,
                    "enable.metrics.push",
                    "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    worker.thread.start();
    return worker;
  }

  private void work() {
    try (consumer;
        producer) {
      consumer.subscribe(Set.of(Floor.TASKS));
      while (!closing) {
        ConsumerRecords<byte[], byte[]> orders = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> order : orders) {
          byte[] value = order.value().clone();
          value[0] = Floor.RESULT;
          producer.send(new ProducerRecord<>(Floor.INBOX, Floor.key(Floor.sequence(value)), value));
        }
        if (!orders.isEmpty()) {
          producer.flush();
        }
      }
    } catch (WakeupException _) {
      // close
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
