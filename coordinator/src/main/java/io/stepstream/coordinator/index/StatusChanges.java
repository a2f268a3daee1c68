package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.LatestRedrive;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/** Makes executions for the index of what a topic's records tell of changes of their status. */
final class StatusChanges {

  /** Room for what happens within one millisecond, so that positions differ. */
  private static final int SEQUENCE_BITS = 20;

  private final IndexedTopic topic;
  private final int partitions;
  private final Function<String, @Nullable IndexedExecution> index;

  /**
   * @param partitions of the topic
   * @param index finds an execution by its ARN, as it was known before
   */
  StatusChanges(
      IndexedTopic topic, int partitions, Function<String, @Nullable IndexedExecution> index) {
    this.topic = topic;
    this.partitions = partitions;
    this.index = index;
  }

  /** Each execution whose status has changed, once: one may have begun and ended. */
  Collection<IndexedExecution> in(ConsumerRecords<byte[], byte[]> records) {
    Map<String, IndexedExecution> changed = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      ExecutionStatus status = HistoryHeaders.status(record.headers());
      if (status != null
          && topic.codec().decode(record.value()) instanceof Decoded.Read(HistoryRecord history)
          && !history.getEvents().isEmpty()) {
        IndexedExecution execution = indexed(record, history, status, changed);
        if (execution != null) {
          changed.put(execution.listed().executionArn(), execution);
        }
      }
    }
    return changed.values();
  }

  /** Null: it began before all that is on the topic. */
  private @Nullable IndexedExecution indexed(
      ConsumerRecord<byte[], byte[]> record,
      HistoryRecord history,
      ExecutionStatus status,
      Map<String, IndexedExecution> changed) {
    String arn = history.getExecutionArn();
    HistoryEvent first = history.getEvents().getFirst();
    HistoryEvent latest = history.getEvents().getLast();
    IndexedExecution known;
    if (first.getType() == HistoryEventType.ExecutionStarted) {
      HistoryEventDetails details = first.getDetails();
      known =
          IndexedExecution.begun(
              new ListedExecution(
                  position(first.getTimestamp(), record),
                  arn,
                  history.getStateMachineArn(),
                  ExecutionStatus.RUNNING,
                  first.getTimestamp(),
                  null,
                  0,
                  null,
                  history.getMapRunArn(),
                  details == null ? null : details.getStateMachineVersionArn(),
                  details == null ? null : details.getStateMachineAliasArn()),
              payload(first, HistoryEventDetails::getInput),
              isLocated()
                  ? new IndexedExecution.Place(record.partition(), record.offset(), record.offset())
                  : null);
    } else {
      known = changed.get(arn);
      if (known == null) {
        known = index.apply(arn);
      }
      LatestRedrive redrive = history.getRedrive();
      if (known != null
          && redrive != null
          && first.getType() == HistoryEventType.ExecutionRedriven) {
        known =
            known.redriven(
                redrive.getCount(), redrive.getDate(), position(redrive.getDate(), record));
      }
    }
    return known == null || status == ExecutionStatus.RUNNING
        ? known
        : known.ended(
            status,
            latest.getTimestamp(),
            position(latest.getTimestamp(), record),
            payload(latest, HistoryEventDetails::getOutput),
            text(latest, HistoryEventDetails::getError),
            text(latest, HistoryEventDetails::getCause),
            record.offset());
  }

  private Leaves payload(
      HistoryEvent event, Function<HistoryEventDetails, @Nullable ByteBuffer> which) {
    ByteBuffer payload = event.getDetails() == null ? null : which.apply(event.getDetails());
    if (payload == null) {
      return Leaves.NONE;
    }
    if (SealedFields.keyId(payload) != null) {
      return isLocated() ? Leaves.NONE : Leaves.LEFT_OUT; // or the index would have it in the clear
    }
    return switch (topic.purpose()) {
      case SEARCHED -> Leaves.of(Payloads.bytes(payload));
      case SEARCHED_WITHOUT_PAYLOADS -> Leaves.LEFT_OUT;
      case LOCATED -> Leaves.NONE;
    };
  }

  private @Nullable String text(
      HistoryEvent event, Function<HistoryEventDetails, @Nullable String> which) {
    String text =
        event.getDetails() == null || isLocated() ? null : which.apply(event.getDetails());
    return text == null || SealedFields.isSealed(text) ? null : text;
  }

  private boolean isLocated() {
    return topic.purpose() == IndexedTopic.Purpose.LOCATED;
  }

  /** The same on each node, since it comes from the log. */
  private long position(Instant when, ConsumerRecord<?, ?> record) {
    long sequence = record.offset() * partitions + record.partition();
    return when.toEpochMilli() << SEQUENCE_BITS | sequence & (1L << SEQUENCE_BITS) - 1;
  }
}
