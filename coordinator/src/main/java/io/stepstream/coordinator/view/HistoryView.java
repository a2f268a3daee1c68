package io.stepstream.coordinator.view;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.HistoryPage;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
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

  private static final String STORE = "history";

  private final KafkaStreams streams;
  private final WireCodec<HistoryRecord> codec;
  private final int partitions;

  public HistoryView(KafkaStreams streams, WireCodec<HistoryRecord> codec, int partitions) {
    this.streams = streams;
    this.codec = codec;
    this.partitions = partitions;
  }

  public static Topology topology(String historyTopic) {
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
        Keep::new);
    return topology;
  }

  /**
   * Keys and values unchanged: a restoration copies the topic and would undo any other processing.
   */
  private static final class Keep extends ContextualProcessor<Bytes, byte[], Void, Void> {
    @Override
    public void process(Record<Bytes, byte[]> record) {
      KeyValueStore<Bytes, byte[]> store = context().getStateStore(STORE);
      if (record.key() != null) {
        store.put(record.key(), record.value());
      }
    }
  }

  /** Empty: the view knows of no such execution, yet. */
  public Optional<ExecutionDescription> describe(String executionArn) {
    HistoryRecord first = edge(executionArn, false);
    HistoryRecord last = edge(executionArn, true);
    if (first == null
        || last == null
        || first.getEvents().getFirst().getType() != HistoryEventType.ExecutionStarted) {
      return Optional.empty();
    }
    HistoryEvent started = first.getEvents().getFirst();
    HistoryEvent latest = last.getEvents().getLast();
    HistoryEventDetails start = started.getDetails();
    HistoryEventDetails end = latest.getDetails();
    ExecutionStatus status = status(latest.getType());
    boolean ended = status != ExecutionStatus.RUNNING;
    return Optional.of(
        new ExecutionDescription(
            executionArn,
            first.getStateMachineArn(),
            first.getRevisionId(),
            ExecutionArns.name(executionArn),
            status,
            started.getTimestamp(),
            ended ? latest.getTimestamp() : null,
            Payloads.bytes(start.getInput()),
            ended && end != null && end.getOutput() != null
                ? Payloads.bytes(end.getOutput())
                : null,
            ended && end != null ? end.getError() : null,
            ended && end != null ? end.getCause() : null,
            first.getTraceHeader(),
            0,
            (Instant) null));
  }

  private static ExecutionStatus status(HistoryEventType latest) {
    return switch (latest) {
      case ExecutionSucceeded -> ExecutionStatus.SUCCEEDED;
      case ExecutionFailed -> ExecutionStatus.FAILED;
      case ExecutionTimedOut -> ExecutionStatus.TIMED_OUT;
      case ExecutionAborted -> ExecutionStatus.ABORTED;
      default -> ExecutionStatus.RUNNING;
    };
  }

  private @Nullable HistoryRecord edge(String executionArn, boolean last) {
    try (KeyValueIterator<Bytes, byte[]> rows = range(executionArn, 0, Long.MAX_VALUE, last)) {
      return rows.hasNext() ? read(rows.next().value) : null;
    }
  }

  /** Empty: the view knows of no such execution, yet. See {@code Executions.history}. */
  public Optional<HistoryPage> page(
      String executionArn, long afterEventId, int maxResults, boolean reverse) {
    List<HistoryEvent> events = new ArrayList<>();
    boolean any = false;
    // A record holds several events, so a page may begin in the midst of one.
    long from = reverse ? 0 : firstEventOfRecordWith(executionArn, afterEventId);
    long to = reverse && afterEventId > 0 ? afterEventId : Long.MAX_VALUE;
    try (KeyValueIterator<Bytes, byte[]> rows = range(executionArn, from, to, reverse)) {
      while (rows.hasNext()) {
        any = true;
        List<HistoryEvent> record = read(rows.next().value).getEvents();
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

  private long firstEventOfRecordWith(String executionArn, long eventId) {
    if (eventId == 0) {
      return 0;
    }
    try (KeyValueIterator<Bytes, byte[]> rows = range(executionArn, 0, eventId, true)) {
      return rows.hasNext() ? read(rows.next().value).getEvents().getFirst().getId() : 0;
    }
  }

  private HistoryRecord read(byte[] value) {
    return switch (codec.decode(value)) {
      case Decoded.Read(HistoryRecord record) -> record;
      case Decoded.Unreadable(String reason) ->
          throw new IllegalStateException("unreadable history record: " + reason);
    };
  }

  private KeyValueIterator<Bytes, byte[]> range(
      String executionArn, long from, long to, boolean reverse) {
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
                  .withPartition(ExecutionKey.of(executionArn).partition(partitions)));
      return reverse ? store.reverseRange(low, high) : store.range(low, high);
    } catch (InvalidStateStoreException e) {
      throw new Unavailable(
          "The history of this partition is being moved or restored", Duration.ofSeconds(1), e);
    }
  }
}
