package io.stepstream.coordinator.node;

import io.stepstream.coordinator.store.SharedRocksMemory;
import io.stepstream.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/** The configuration of every Kafka client of a node, each value with its reason. */
public final class Clients {

  private static final String OF_STREAMS = "streams.";

  /**
   * How long a killed node is missed for before others have its partitions: the least that brokers
   * allow unless they are told otherwise, {@code group.min.session.timeout.ms} (ADR 0073).
   */
  private static final String SESSION_MILLIS = "6000";

  private static final String HEARTBEAT_MILLIS = "1500";

  private final NodeSettings settings;
  private final String nodeId;

  public Clients(NodeSettings settings, String nodeId) {
    this.settings = settings;
    this.nodeId = nodeId;
  }

  private Map<String, Object> base() {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.keySet().removeIf(key -> key.startsWith(OF_STREAMS));
    config.put("bootstrap.servers", settings.bootstrapServers());
    // Nobody here collects the brokers' client metrics.
    config.put("enable.metrics.push", "false");
    return config;
  }

  public Admin admin() {
    return Admin.create(base());
  }

  /** For what a caller waits for, which must not hang when the brokers are away. */
  public Admin impatientAdmin() {
    Map<String, Object> config = base();
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    return Admin.create(config);
  }

  /**
   * For commands and dead letters. Not transactional: whoever reads the inbox would wait for the
   * commit.
   */
  public Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * For what is decided by one node at a time, definitions and marks of dead letters: whoever opens
   * it fences all others.
   */
  public Producer<byte[], byte[]> transactionalProducer(String transactionalId) {
    Map<String, Object> config = producerConfig();
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> producerConfig() {
    Map<String, Object> config = base();
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    // A call must not hang when the brokers are away.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    return config;
  }

  /**
   * A member of a trigger's group. It finds its offsets itself: what is lost when one is out of
   * range must be told.
   */
  public Consumer<byte[], byte[]> triggerReader(String group) {
    Map<String, Object> config = base();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    // Partitions that stay where they are go on while others move.
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // How soon partitions that are added to the topic are found; nothing in them is missed.
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "10000");
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(8 << 20));
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A member of a group that does something about each record of a topic, from when the group first
   * was. What was returned by a poll is committed when the next one begins: at least once.
   */
  public Consumer<byte[], byte[]> follower(String group) {
    Map<String, Object> config = base();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "true");
    config.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, "1000");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads a small topic whole; the group only remembers what has been judged. */
  public Consumer<byte[], byte[]> reader(String group) {
    return new KafkaConsumer<>(
        readerConfig(group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> readerConfig(String group) {
    Map<String, Object> config = base();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");
    return config;
  }

  /** Reads a record here and there, and little beyond it. */
  public Consumer<byte[], byte[]> picker(String group) {
    Map<String, Object> config = readerConfig(group);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "65536");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Kafka Streams for the Standard lane. */
  public Properties standardLane() {
    Properties config = streams(Topics.STANDARD_APPLICATION);
    // An idle thread blocks in poll for this long, and commits that came too soon wait for it
    // (ADR 0047).
    config.put(StreamsConfig.POLL_MS_CONFIG, "5");
    // The backstop; commits are asked for by CommitPacing. Each tick of a timer makes Kafka Streams
    // commit at the next one, though nothing has changed (ADR 0071).
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "1000");
    // What is sent is seen after the commit, which doesn't wait for it; so no record goes alone.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "50");
    // Longer than a broker that died is missed for, 9 s by default, or each thread would lose its
    // state with it. What a node that died has left open others abort (ADR 0073).
    config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), "10000");
    tune(config);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return config;
  }

  /** Kafka Streams for the Express lane. */
  public Properties expressLane() {
    Properties config = streams(Topics.EXPRESS_APPLICATION);
    // As long as a tick: only timers wait for it.
    config.put(StreamsConfig.POLL_MS_CONFIG, "10");
    // What a crash makes run again, against what a commit costs (ADR 0024).
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "5000");
    tune(config);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    // Shards that Standard executions start here come in transactions, and those of an aborted one
    // never happened. Nothing else on the lane's topics is transactional, so nothing else waits.
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    return config;
  }

  Properties historyView() {
    Properties config = streams(Topics.HISTORY_VIEW_APPLICATION);
    // Records wake it, and it has nothing else to do in time.
    config.put(StreamsConfig.POLL_MS_CONFIG, "100");
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "5000");
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    if (settings.address() != null) {
      config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.address());
    }
    // Records of an aborted transaction never happened. The restore consumer must be told so too.
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    config.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
        "read_committed");
    return config;
  }

  private Properties streams(String applicationId) {
    Properties config = new Properties();
    config.putAll(base());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threadsPerLane());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.layout().replicationFactor());
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    // A step must not leave half of itself: a failing record stops the thread and the transaction
    // is undone.
    config.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailProcessingExceptionHandler.class);
    // Inbox and peer need no common order; waiting for the emptier of them would only cost time.
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, "-1");
    config.put(StreamsConfig.STATE_CLEANUP_DELAY_MS_CONFIG, "600000");
    // Half of what changelogs keep deletions for: a directory that is older could bring executions
    // back to life whose deletion it has never heard of.
    config.put(StreamsConfig.STATE_CLEANUP_DIR_MAX_AGE_MS_CONFIG, "43200000");
    config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "0");
    config.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
    // A step's records repeat names and payloads (ADR 0036).
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.MAX_RECORD_BYTES);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_MILLIS);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        HEARTBEAT_MILLIS);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "500");
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        applicationId + "-" + nodeId);
    return config;
  }

  /**
   * Settings for the lanes' Kafka Streams alone, {@code streams.KEY} among the properties for every
   * client. They override ours; what makes a lane a lane is put after them.
   */
  private void tune(Properties config) {
    settings
        .kafka()
        .forEach(
            (key, value) -> {
              if (key.startsWith(OF_STREAMS)) {
                config.put(key.substring(OF_STREAMS.length()), value);
              }
            });
  }
}
