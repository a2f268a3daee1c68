package io.stepstream.loadtests;

import io.stepstream.coordinator.node.Clients;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.coordinator.reply.CommitObservingClientSupplier;
import io.stepstream.coordinator.reply.CommitPacing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Bare Kafka in the shape of a shape.
 *
 * <pre>
 *   with a task:  inbox -> Streams (get, put) -> tasks -> worker -> inbox -> Streams (get, put) -> completions
 *   without:      inbox -> Streams -> completions
 * </pre>
 *
 * The lane's own Kafka Streams configuration but for compression, its commit pacing, and a share
 * group for the worker, as the engine's default. A value is one byte for its kind, the sequence
 * number, and the payload.
 */
final class Floor implements Pipeline, AutoCloseable {

  static final String PREFIX = "bare";
  static final String INBOX = PREFIX + ".inbox";
  static final String TASKS = PREFIX + ".tasks";
  static final String COMPLETIONS = PREFIX + ".completions";
  static final String STORE = "state";

  /** A start's first byte. */
  static final byte START = 0;

  /** A result's first byte. */
  static final byte RESULT = 1;

  static final int SEQUENCE_AT = 1;
  private static final String WORKERS = PREFIX + ".workers";

  /** As many share consumers as an engine's worker begins with. */
  private static final int WORKER_THREADS = 2;

  /** Of Kafka Streams' own cache, which the engine does without (ADR 0017). */
  private static final long CACHE_BYTES = 32L << 20;

  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final Inputs inputs;
  private final Path stateDirectory;
  private final KafkaStreams streams;
  private final List<FloorWorker> workers;

  private Floor(
      Inputs inputs, Path stateDirectory, KafkaStreams streams, List<FloorWorker> workers) {
    this.inputs = inputs;
    this.stateDirectory = stateDirectory;
    this.streams = streams;
    this.workers = workers;
  }

  static Floor start(NodeSettings node, Clients clients, FloorShape shape, BenchSettings settings)
      throws InterruptedException {
    try (Admin admin = clients.admin()) {
      createTopics(admin, settings);
    }
    Properties config = shape.exactlyOnce() ? clients.standardLane() : clients.expressLane();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, PREFIX);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    // Kafka's default. Nothing repeats itself in these records, so compressing them only costs.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "none");
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), PREFIX + "-1");
    CommitPacing pacing =
        new CommitPacing(
            shape.exactlyOnce()
                ? CommitPacing.Settings.EXACTLY_ONCE
                : CommitPacing.Settings.AT_LEAST_ONCE);
    KafkaStreams streams =
        new KafkaStreams(
            topology(shape.task(), pacing), config, new CommitObservingClientSupplier(pacing));
    List<FloorWorker> workers = new ArrayList<>();
    Floor floor =
        new Floor(Inputs.of(settings.payloadBytes()), node.stateDirectory(), streams, workers);
    streams.start();
    for (int i = 0; shape.task() && i < WORKER_THREADS; i++) {
      workers.add(FloorWorker.start(node.bootstrapServers(), WORKERS));
    }
    floor.awaitRunning();
    return floor;
  }

  private static void createTopics(Admin admin, BenchSettings settings)
      throws InterruptedException {
    try {
      admin
          .createTopics(
              List.of(
                  new NewTopic(INBOX, settings.partitions(), (short) 1),
                  new NewTopic(TASKS, BenchSettings.QUEUE_PARTITIONS, (short) 1),
                  new NewTopic(COMPLETIONS, settings.partitions(), (short) 1)))
          .all()
          .get();
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, WORKERS),
                  List.of(
                      set("share.auto.offset.reset", "earliest"),
                      set("share.isolation.level", "read_committed"))))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new BenchFailure(
          "The floor's topics can't be created: " + e.getCause().getMessage(), e);
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
  }

  private static Topology topology(boolean task, CommitPacing pacing) {
    Topology topology = new Topology();
    topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), INBOX);
    topology.addProcessor("hop", () -> new FloorProcessor(task, pacing), "in");
    if (task) {
      topology.addStateStore(
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
              .withCachingEnabled()
              .withLoggingEnabled(Map.of()),
          "hop");
      topology.addSink(TASKS, TASKS, new ByteArraySerializer(), new ByteArraySerializer(), "hop");
    }
    topology.addSink(
        COMPLETIONS, COMPLETIONS, new ByteArraySerializer(), new ByteArraySerializer(), "hop");
    return topology;
  }

  private void awaitRunning() {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (streams.state() != KafkaStreams.State.RUNNING) {
      if (System.nanoTime() > deadline) {
        close();
        throw new BenchFailure(
            "The floor's Kafka Streams was not running after %d s"
                .formatted(LONGEST_START.toSeconds()));
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Override
  public String name() {
    return "floor";
  }

  @Override
  public String completionsTopic() {
    return COMPLETIONS;
  }

  @Override
  public boolean counts(String topic) {
    return topic.startsWith(PREFIX);
  }

  @Override
  public Path stateDirectory() {
    return stateDirectory;
  }

  @Override
  public ProducerRecord<byte[], byte[]> start(long sequence) {
    byte[] input = inputs.at(sequence);
    byte[] value =
        ByteBuffer.allocate(1 + Long.BYTES + input.length)
            .put(START)
            .putLong(sequence)
            .put(input)
            .array();
    return new ProducerRecord<>(INBOX, key(sequence), value);
  }

  static byte[] key(long sequence) {
    return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
  }

  static long sequence(byte[] value) {
    return ByteBuffer.wrap(value).getLong(SEQUENCE_AT);
  }

  @Override
  public boolean started(ConsumerRecord<byte[], byte[]> completion) {
    return true;
  }

  @Override
  public long itemsDone() {
    return 0;
  }

  @Override
  public long sequence(ConsumerRecord<byte[], byte[]> completion) {
    return sequence(completion.value());
  }

  @Override
  public void verify(ConsumerRecord<byte[], byte[]> completion) {
    int expected = 1 + Long.BYTES + inputs.at(0).length;
    if (completion.value().length != expected) {
      throw new BenchFailure(
          "floor: a completion has %d bytes instead of %d"
              .formatted(completion.value().length, expected));
    }
  }

  @Override
  public void close() {
    workers.forEach(FloorWorker::close);
    streams.close(Duration.ofSeconds(10));
  }
}
