package io.stepstream.coordinator.definition;

import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of a node on a real cluster: the catalogue, the log that is written, and the
 * clients behind them. Open it before the lanes and close it after them.
 */
public final class Definitions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

  /** Only its committed offset is used: all nodes read everything, and nobody is assigned. */
  private static final String GROUP = "stepstream-definitions";

  private static final String TRANSACTIONAL_ID = "stepstream-definitions";

  private final Map<String, Object> clients;
  private final RecordCodec<DefinitionRecord> codec;
  private final Producer<byte[], byte[]> deadLetters;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final DefinitionCatalogue catalogue;
  private final DefinitionLog log;

  private Definitions(Map<String, Object> clients, SchemaRegistry registry, long cacheBytes) {
    this.clients = Map.copyOf(clients);
    this.codec = WireCodec.forTopic(DefinitionRecord.class, Topics.DEFINITIONS, registry);
    this.deadLetters = new KafkaProducer<>(producerConfig());
    this.catalogue =
        new DefinitionCatalogue(
            Topics.DEFINITIONS,
            () -> new KafkaConsumer<>(consumerConfig()),
            codec,
            (record, reason) ->
                deadLetters.send(
                    DeadLetter.of(record, "coordinator", reason),
                    (_, failure) -> {
                      if (failure != null) {
                        LOG.error("A dead letter is lost, offset {}", record.offset(), failure);
                      }
                    }),
            new CompiledMachines(new AslCompiler(), cacheBytes));
    this.log =
        new DefinitionLog(
            Topics.DEFINITIONS,
            catalogue,
            () -> new KafkaProducer<>(transactionalConfig()),
            codec,
            Clock.systemUTC(),
            executor);
  }

  /**
   * Starts to read. The topic need not exist yet.
   *
   * @param clients what all Kafka clients of the node share, such as {@code bootstrap.servers}
   * @param cacheBytes bound of the compiled machines, roughly in bytes of memory
   */
  public static Definitions open(
      Map<String, Object> clients, SchemaRegistry registry, long cacheBytes) {
    Definitions definitions = new Definitions(clients, registry, cacheBytes);
    definitions.catalogue.start();
    return definitions;
  }

  public DefinitionCatalogue catalogue() {
    return catalogue;
  }

  public DefinedResources resources() {
    return DefinedResources.of(log);
  }

  @Override
  public void close() {
    log.close();
    executor.shutdown();
    catalogue.close();
    deadLetters.close(Duration.ofSeconds(5));
  }

  private Map<String, Object> consumerConfig() {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Who asks for the topic's end waits behind the fetch that is under way: half a second by
    // default, before it can be said that a machine does not exist.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 25);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // A definition counts from its commit on: an aborted one was never decided.
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return config;
  }

  private Map<String, Object> producerConfig() {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
    // A caller of the API waits for the outcome, and no longer than this.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return config;
  }

  private Map<String, Object> transactionalConfig() {
    Map<String, Object> config = producerConfig();
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
    // While a transaction is open, readers on all nodes wait; a crashed writer's must end soon.
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    return config;
  }
}
