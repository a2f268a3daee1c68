package io.stepstream.integrations.kafka;

import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.worker.handler.TaskFailedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one connection; every setting that correctness hangs on is in here and can't be
 * overridden by the operator, whose own settings rank above the others. Safe for use by several
 * threads.
 */
final class KafkaConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaConnection.class);

  /** Until a client gives up on brokers that don't answer. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** Until a record that was sent counts as lost; the producer tries again meanwhile. */
  private static final Duration DELIVERY = Duration.ofSeconds(30);

  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** Of one answer to a consumer; a batch that is larger still comes whole. */
  private static final int FETCH_BYTES = 1 << 20;

  private static final int MOST_POLLED = 500;

  /** Of which it is remembered that they are there. */
  private static final int MOST_KNOWN = 1_000;

  private final String name;
  private final Map<String, Object> given;
  private final Set<String> internalTopics;
  private final Supplier<SchemaRegistry> registries;

  // Guarded by this.
  private final Map<String, Integer> known = new HashMap<>();
  private @Nullable Admin admin;
  private @Nullable Producer<byte[], byte[]> producer;
  private @Nullable SchemaRegistry registry;

  /**
   * @param given what the operator has set, bootstrap servers included
   * @param internalTopics those that may be read and written all the same
   * @param registries opens the registry with the schemas of the connection's topics
   */
  KafkaConnection(
      String name,
      Map<String, Object> given,
      Set<String> internalTopics,
      Supplier<SchemaRegistry> registries) {
    this.name = name;
    this.given = given;
    this.internalTopics = internalTopics;
    this.registries = registries;
  }

  /**
   * Stepstream's topics hold the state of executions and the tokens of tasks: who writes there
   * decides on executions of others, who reads there may end their tasks. Kafka's own hold offsets
   * and transactions.
   *
   * @throws TaskFailedException {@code States.Permissions}
   */
  void requireAllowed(String topic) {
    boolean internal =
        topic.startsWith("stepstream.")
            || topic.startsWith("stepstream-")
            || topic.startsWith("__");
    if (internal && !internalTopics.contains(topic)) {
      throw new TaskFailedException(
          "States.Permissions",
          ("The topic '%s' is internal: whoever runs the worker must list it in"
                  + " stepstream.worker.kafka.%s.internal-topics.")
              .formatted(topic, name));
    }
  }

  /**
   * How many partitions a topic has.
   *
   * @throws TaskFailedException {@code Kafka.UnknownTopicOrPartition}, for example
   */
  int partitions(String topic) throws InterruptedException {
    TopicDescription described =
        KafkaErrors.get(admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
    return 1
        + described.partitions().stream().mapToInt(TopicPartitionInfo::partition).max().orElse(-1);
  }

  /** The same, as it was when it was asked for first since {@link #forget}: at least so many. */
  int partitionsLately(String topic) throws InterruptedException {
    synchronized (this) {
      Integer count = known.get(topic);
      if (count != null) {
        return count;
      }
    }
    int count = partitions(topic);
    synchronized (this) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(topic, count);
    }
    return count;
  }

  synchronized void forget(String topic) {
    known.remove(topic);
  }

  synchronized Admin admin() {
    Admin client = admin;
    if (client == null) {
      client = client(common(), Admin::create);
      admin = client;
    }
    return client;
  }

  /**
   * One for all tasks. Idempotent: what the client sends again is appended once. What a task that
   * runs again sends is a record of its own.
   */
  synchronized Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> client = producer;
    if (client == null) {
      Map<String, Object> config = common();
      config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
      config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
      config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER.toMillis());
      config.putIfAbsent(
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(DELIVERY.toMillis()));
      config.put(ProducerConfig.ACKS_CONFIG, "all");
      config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
      client =
          client(
              config,
              all ->
                  new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
      producer = client;
    }
    return client;
  }

  /**
   * A consumer without a group, for whoever closes it: it commits nothing, and says so when the
   * offset it is to read is no more.
   *
   * @param records how many are wanted
   */
  Consumer<byte[], byte[]> consumer(int records) {
    Map<String, Object> config = common();
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.clamp(records, 1, MOST_POLLED));
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return client(
        config,
        all -> new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /**
   * The registry with the schemas of Avro.
   *
   * @throws TaskFailedException {@code Kafka.Config}: there is none, or it can't be opened as set
   */
  synchronized SchemaRegistry registry() {
    SchemaRegistry open = registry;
    if (open == null) {
      open = registries.get();
      registry = open;
    }
    return open;
  }

  private Map<String, Object> common() {
    Map<String, Object> config = new HashMap<>(given);
    config.putIfAbsent(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER.toMillis()));
    config.putIfAbsent(
        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(REQUEST.toMillis()));
    config.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "stepstream-tasks-" + name);
    return config;
  }

  private <T> T client(Map<String, Object> config, Function<Map<String, Object>, T> make) {
    try {
      return make.apply(config);
    } catch (KafkaException e) {
      // Its message may quote a secret.
      LOG.warn("The connection {} to Kafka can't be opened as it is set.", name, e);
      throw new TaskFailedException(
          "Kafka.Config",
          "The worker's connection '%s' can't be opened as it is set; the worker's log tells why."
              .formatted(name));
    }
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(CLOSE);
      producer = null;
    }
    if (admin != null) {
      admin.close(Duration.ZERO);
      admin = null;
    }
    if (registry != null) {
      registry.close();
      registry = null;
    }
  }
}
