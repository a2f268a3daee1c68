package io.stepstream.worker;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of a worker; every setting that correctness hangs on is in here. */
final class WorkerClients {

  private static final Duration MAX_BLOCK = Duration.ofSeconds(15);

  private final WorkerSettings settings;

  /** What this worker is told apart by; for people too. */
  private final String name;

  WorkerClients(WorkerSettings settings) {
    this.settings = settings;
    this.name = settings.pool() + "-" + UUID.randomUUID().toString().substring(0, 13);
  }

  Admin admin() {
    return Admin.create(common());
  }

  /**
   * A plain idempotent producer: a transactional one would hold back all other results in the
   * inbox.
   */
  Producer<byte[], byte[]> producer() {
    Map<String, Object> config = common();
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, (int) settings.linger().toMillis());
    // An order that is put aside, or published anew, may be as large as its queue allows.
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  ShareConsumer<byte[], byte[]> shareConsumer(String group, String topic) {
    Map<String, Object> config = consumer(group);
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    // Without it max.poll.records is a hint only, and whole batches of the log get locked by one
    // worker.
    config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    var consumer =
        new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(Set.of(topic));
    return consumer;
  }

  Consumer<byte[], byte[]> groupConsumer(String group) {
    Map<String, Object> config = consumer(group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Orders of aborted transactions were never given.
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // Orders from before the first worker count.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads a small topic whole, in no group. */
  Consumer<byte[], byte[]> reader() {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A member of {@link Topics#presenceGroup}. */
  Consumer<byte[], byte[]> presence(String queue) {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.presenceGroup(queue));
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, presenceId(queue));
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Every broker knows this protocol, and lets the client say how soon it is missed.
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The client id of {@link #presence}, which tells workers apart. */
  String presenceId(String queue) {
    return name + "/" + queue;
  }

  private Map<String, Object> consumer(String group) {
    Map<String, Object> config = common();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.clamp(settings.permits(), 1, 500));
    return config;
  }

  private Map<String, Object> common() {
    Map<String, Object> config = new HashMap<>(settings.clientProperties());
    config.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        List.of(settings.bootstrapServers().split("\\s*,\\s*")));
    return config;
  }
}
