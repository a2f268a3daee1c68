package io.stepstream.coordinator.definition;

import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The real catalogue and the real writer on a topic that lives in memory: committed transactions of
 * Kafka's mock producer become visible to Kafka's mock consumers.
 */
public final class DefinitionsInMemory implements AutoCloseable {

  static final TopicPartition PARTITION = new TopicPartition("definitions", 0);

  private final List<ConsumerRecord<byte[], byte[]>> log = new CopyOnWriteArrayList<>();
  private final RecordCodec<DefinitionRecord> codec =
      WireCodec.forTopic(DefinitionRecord.class, PARTITION.topic(), SchemaRegistry.bundled());
  private final List<CatalogueConsumer> consumers = new CopyOnWriteArrayList<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new ConcurrentHashMap<>();

  /** Guarded by this: the only one that has the right to write. */
  private @Nullable MockProducer<byte[], byte[]> initialised;

  private final List<Runnable> open = new CopyOnWriteArrayList<>();
  private final DefinitionCompiler compiler;

  /** What went to the dead letters: offset and reason. */
  public final List<String> deadLetters = new CopyOnWriteArrayList<>();

  public DefinitionsInMemory(DefinitionCompiler compiler) {
    this.compiler = compiler;
  }

  /** A node: a catalogue that reads, and what is defined behind it. */
  public record Node(DefinitionCatalogue catalogue, DefinedResources resources) {
    public StateMachines machines() {
      return resources.machines();
    }
  }

  /** Starts a node. */
  public Node node() {
    DefinitionCatalogue catalogue =
        new DefinitionCatalogue(
            PARTITION.topic(),
            this::consumer,
            codec,
            (record, reason) -> deadLetters.add(record.offset() + ": " + reason),
            new CompiledMachines(compiler, 1 << 20));
    catalogue.start();
    DefinitionLog writer =
        new DefinitionLog(
            PARTITION.topic(),
            catalogue,
            this::producer,
            codec,
            Clock.systemUTC(),
            Executors.newVirtualThreadPerTaskExecutor());
    open.add(writer::close);
    open.add(catalogue::close);
    return new Node(catalogue, DefinedResources.of(writer));
  }

  /** Appends a record, as anybody with access to the topic can. */
  public synchronized long append(@Nullable String key, byte @Nullable [] value) {
    long offset = log.size();
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(PARTITION.topic(), 0, offset, bytes, value);
    log.add(record);
    consumers.forEach(c -> c.show(record));
    return offset;
  }

  RecordCodec<DefinitionRecord> codec() {
    return codec;
  }

  /** The offset that has been judged, as the catalogues have committed it. */
  long judged() {
    OffsetAndMetadata offset = committed.get(PARTITION);
    return offset == null ? 0 : offset.offset();
  }

  void judge(long offset) {
    committed.put(PARTITION, new OffsetAndMetadata(offset));
  }

  @Override
  public void close() {
    open.forEach(Runnable::run);
  }

  private synchronized Consumer<byte[], byte[]> consumer() {
    CatalogueConsumer consumer = new CatalogueConsumer();
    consumers.add(consumer);
    return consumer;
  }

  private Producer<byte[], byte[]> producer() {
    return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
      private int shown;

      /** As at a real broker, it fences the one that had the shared transactional id before. */
      @Override
      public void initTransactions() {
        synchronized (DefinitionsInMemory.this) {
          super.initTransactions();
          if (initialised != null && !initialised.closed()) {
            initialised.fenceProducer();
          }
          initialised = this;
        }
      }

      @Override
      public void close(Duration timeout) {
        synchronized (DefinitionsInMemory.this) {
          super.close(timeout);
        }
      }

      /** The mock counts its own records, but others write to this log too. */
      @Override
      public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> row) {
        Future<RecordMetadata> sent = super.send(row);
        return sent.state() == Future.State.FAILED
            ? sent
            : CompletableFuture.completedFuture(
                new RecordMetadata(
                    PARTITION, log.size(), uncommittedRecords().size() - 1, 0, 0, 0));
      }

      @Override
      public void commitTransaction() {
        synchronized (DefinitionsInMemory.this) {
          super.commitTransaction();
          List<ProducerRecord<byte[], byte[]>> all = history();
          for (ProducerRecord<byte[], byte[]> r : all.subList(shown, all.size())) {
            append(new String(r.key(), StandardCharsets.UTF_8), r.value());
          }
          shown = all.size();
        }
      }
    };
  }

  /** A consumer whose log is this topic, and which doesn't spin when nothing is there. */
  private final class CatalogueConsumer extends MockConsumer<byte[], byte[]> {

    CatalogueConsumer() {
      super("earliest");
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
      synchronized (DefinitionsInMemory.this) {
        super.assign(partitions);
        updateBeginningOffsets(Map.of(PARTITION, 0L));
        log.forEach(this::show);
      }
    }

    void show(ConsumerRecord<byte[], byte[]> record) {
      if (assignment().contains(PARTITION)) {
        addRecord(record);
      }
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions) {
      return Map.of(PARTITION, (long) log.size());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      if (records.isEmpty()) {
        LockSupport.parkNanos(1_000_000);
      }
      return records;
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions) {
      return new HashMap<>(committed);
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
      committed.putAll(offsets);
    }
  }
}
