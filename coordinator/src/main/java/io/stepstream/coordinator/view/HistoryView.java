package io.stepstream.coordinator.view;

import io.stepstream.coordinator.execution.Elsewhere;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.HistoryPage;
import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The histories of Standard executions, as a store whose changelog is the history topic itself
 * (KIP-813): nothing is written twice. Only committed records are read, so what it tells cannot be
 * undone.
 *
 * <p>An execution is described by its first record and its last: two seeks.
 */
public final class HistoryView {

  static final String STORE = "history";

  private final KafkaStreams streams;
  private final WireCodec<HistoryRecord> codec;
  private final @Nullable HostInfo address;

  /**
   * @param address of this node's API, {@code host:port}; null: other nodes can't reach it
   */
  public HistoryView(
      KafkaStreams streams, WireCodec<HistoryRecord> codec, @Nullable String address) {
    this.streams = streams;
    this.codec = codec;
    this.address = address == null ? null : HostInfo.buildFromEndpoint(address);
  }

  /**
   * @param retention how long the history topic keeps its records
   * @param deadLetters publishes what can't be read; a read-only store's processor may not forward
   */
  public static Topology topology(
      String historyTopic,
      WireCodec<HistoryRecord> codec,
      Duration retention,
      Consumer<ProducerRecord<byte[], byte[]>> deadLetters) {
    Topology topology = new Topology();
    topology.addReadOnlyStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled(),
        "history-source",
        new BytesDeserializer(),
        new ByteArrayDeserializer(),
        historyTopic,
        "history-processor",
        () -> new Keep(codec, retention, deadLetters));
    return topology;
  }

  /**
   * Keys and values unchanged: a restoration copies the topic and would undo any other processing.
   * So an unreadable record goes to the dead letters and yet must be passed over by readers too.
   */
  private static final class Keep extends ContextualProcessor<Bytes, byte[], Void, Void> {

    /** Of a record's first field, the ARN: nothing else is needed to see that it is no garbage. */
    private final WireCodec<HistoryRecord> arns;

    private final WireCodec<HistoryRecord> codec;
    private final Duration retention;
    private final Consumer<ProducerRecord<byte[], byte[]>> deadLetters;

    Keep(
        WireCodec<HistoryRecord> codec,
        Duration retention,
        Consumer<ProducerRecord<byte[], byte[]>> deadLetters) {
      this.arns = codec.ofFirstFields(1);
      this.codec = codec;
      this.retention = retention;
      this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
      super.init(processorContext);
      KeyValueStore<Bytes, byte[]> store = processorContext.getStateStore(STORE);
      HistorySweep sweep = new HistorySweep(store, codec, retention);
      processorContext.schedule(
          HistorySweep.SLICE_EVERY,
          PunctuationType.WALL_CLOCK_TIME,
          _ -> sweep.slice(processorContext.currentSystemTimeMs()));
    }

    @Override
    public void process(Record<Bytes, byte[]> record) {
      String reason = unusable(record);
      if (reason == null) {
        KeyValueStore<Bytes, byte[]> store = context().getStateStore(STORE);
        store.put(record.key(), record.value());
        return;
      }
      RecordMetadata source = context().recordMetadata().orElseThrow();
      deadLetters.accept(
          new DeadLetter(
                  reason,
                  "history-view",
                  source.topic(),
                  source.partition(),
                  source.offset(),
                  record.timestamp())
              .toRecord(
                  record.key() == null ? null : record.key().get(),
                  record.value(),
                  record.headers()));
    }

    private @Nullable String unusable(Record<Bytes, byte[]> record) {
      if (record.key() == null) {
        return "the record has no key";
      }
      return switch (arns.decode(record.value())) {
        case Decoded.Unreadable(String reason) -> reason;
        case Decoded.Read(HistoryRecord history) -> {
          String key = new String(record.key().get(), StandardCharsets.UTF_8);
          yield !key.startsWith(history.getExecutionArn() + "#")
              ? "the key '%s' is not that of execution '%s'"
                  .formatted(key, history.getExecutionArn())
              : null;
        }
      };
    }
  }

  /**
   * Empty: the view knows of no such execution, yet.
   *
   * @param partition the execution's
   */
  public Optional<ExecutionDescription> describe(String executionArn, int partition) {
    HistoryRecord first = edge(executionArn, partition, false);
    HistoryRecord last = edge(executionArn, partition, true);
    if (first == null
        || last == null
        || first.getEvents().getFirst().getType() != HistoryEventType.ExecutionStarted) {
      return Optional.empty();
    }
    return Optional.of(Descriptions.of(first, last));
  }

  private @Nullable HistoryRecord edge(String executionArn, int partition, boolean last) {
    try (KeyValueIterator<Bytes, byte[]> rows =
        range(executionArn, partition, 0, Long.MAX_VALUE, last)) {
      return next(rows);
    }
  }

  /** The next record that tells of an event and can be read; null: there is none. */
  private @Nullable HistoryRecord next(KeyValueIterator<Bytes, byte[]> rows) {
    while (rows.hasNext()) {
      if (codec.decode(rows.next().value) instanceof Decoded.Read(HistoryRecord record)
          && !record.getEvents().isEmpty()) {
        return record;
      }
    }
    return null;
  }

  /** Empty: the view knows of no such execution, yet. See {@code Executions.history}. */
  public Optional<HistoryPage> page(
      String executionArn, int partition, long afterEventId, int maxResults, boolean reverse) {
    List<HistoryEvent> events = new ArrayList<>();
    boolean any = false;
    // A record holds several events, so a page may begin in the midst of one.
    long from = reverse ? 0 : firstEventOfRecordWith(executionArn, partition, afterEventId);
    long to = reverse && afterEventId > 0 ? afterEventId : Long.MAX_VALUE;
    try (KeyValueIterator<Bytes, byte[]> rows = range(executionArn, partition, from, to, reverse)) {
      for (HistoryRecord next = next(rows); next != null; next = next(rows)) {
        any = true;
        List<HistoryEvent> record = next.getEvents();
        for (HistoryEvent event : reverse ? record.reversed() : record) {
          boolean wanted =
              reverse
                  ? afterEventId == 0 || event.getId() < afterEventId
                  : event.getId() > afterEventId;
          if (wanted) {
            if (events.size() == maxResults) {
              return Optional.of(new HistoryPage(events, true));
            }
            events.add(event);
          }
        }
      }
    }
    return any ? Optional.of(new HistoryPage(events, false)) : Optional.empty();
  }

  private long firstEventOfRecordWith(String executionArn, int partition, long eventId) {
    if (eventId == 0) {
      return 0;
    }
    try (KeyValueIterator<Bytes, byte[]> rows = range(executionArn, partition, 0, eventId, true)) {
      HistoryRecord record = next(rows);
      return record == null ? 0 : record.getEvents().getFirst().getId();
    }
  }

  private KeyValueIterator<Bytes, byte[]> range(
      String executionArn, int partition, long from, long to, boolean reverse) {
    Bytes low = Bytes.wrap(HistoryKey.from(executionArn, from));
    Bytes high =
        Bytes.wrap(
            to == Long.MAX_VALUE
                ? HistoryKey.end(executionArn)
                : HistoryKey.from(executionArn, to));
    try {
      ReadOnlyKeyValueStore<Bytes, byte[]> store =
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                  .withPartition(partition));
      return reverse ? store.reverseRange(low, high) : store.range(low, high);
    } catch (InvalidStateStoreException e) {
      throw notHere(low, partition, e);
    }
  }

  private Elsewhere notHere(Bytes key, int partition, InvalidStateStoreException e) {
    HostInfo owner;
    try {
      owner =
          streams
              .queryMetadataForKey(STORE, key, (_, _, _, _) -> Optional.of(Set.of(partition)))
              .activeHost();
    } catch (IllegalStateException | StreamsException _) {
      owner = HostInfo.unavailable(); // the application is starting or going
    }
    // Where nobody or this node itself is told to have it, it is being moved or restored.
    boolean known =
        !owner.equals(HostInfo.unavailable()) && owner.port() > 0 && !owner.equals(address);
    return known ? new Elsewhere(owner.host() + ':' + owner.port()) : new Elsewhere(e);
  }
}
