package io.stepstream.coordinator.shell;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.coordinator.executionlog.LogEntry;
import io.stepstream.coordinator.store.MapRunRecords;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.LatestRedrive;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The events of a step in records: as transitions of the execution's history, and as entries of the
 * log that its machine has asked for.
 *
 * <p>Not thread safe: one per partition.
 */
final class HistoryRecords {

  /**
   * Beyond this a transition goes on in a further record, so that no record exceeds its topic's
   * limit: a state that ends many enclosing ones brings an output with each of them.
   */
  private static final int RECORD_BYTES = 1 << 20;

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final int partition;

  HistoryRecords(LaneSettings lane, LaneCodecs codecs, int partition) {
    this.lane = lane;
    this.codecs = codecs;
    this.partition = partition;
  }

  /**
   * Adds what is to be told of a step's events.
   *
   * @param logging what goes into the log
   */
  void tell(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      ExecutionLogging logging,
      List<Outgoing> outgoing,
      Seal seal) {
    if (header.getTransitionsLogged()) {
      transitions(key, header, events, outgoing, seal);
    }
    if (!logging.isOff()) {
      logs(key, header, events, logging, outgoing, seal);
    }
  }

  /**
   * One record per transition, from a state into the next: what led to the first entry of a step,
   * the start of the execution or the end of the state before, is told with it.
   */
  private void transitions(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      List<Outgoing> outgoing,
      Seal seal) {
    List<io.stepstream.schemas.HistoryEvent> transition = new ArrayList<>();
    long first = 0;
    int bytes = 0;
    boolean entered = false;
    for (HistoryEvent event : events) {
      io.stepstream.schemas.HistoryEvent mapped = mapped(header, event);
      int size = HistoryMapper.payloadBytes(mapped);
      boolean entry = event.details() instanceof HistoryDetails.StateEntered;
      if (!transition.isEmpty() && (entry && entered || bytes + size > RECORD_BYTES)) {
        outgoing.add(transition(key, header, first, transition, seal));
        transition = new ArrayList<>();
        bytes = 0;
      }
      entered |= entry;
      if (transition.isEmpty()) {
        first = event.id();
      }
      bytes += size;
      transition.add(mapped);
    }
    if (!transition.isEmpty()) {
      outgoing.add(transition(key, header, first, transition, seal));
    }
  }

  private Outgoing transition(
      ExecutionKey key,
      ExecutionRow header,
      long firstEventId,
      List<io.stepstream.schemas.HistoryEvent> events,
      Seal seal) {
    HistoryRecord record =
        new HistoryRecord(
            header.getExecutionArn(),
            header.getStateMachineArn(),
            header.getRevisionId(),
            lane.topics().lane(),
            events,
            header.getTraceHeader(),
            firstEventId == 1 ? MapRunRecords.mapRunOf(header.getPart()) : null,
            header.getRedriveDate() == null
                ? null
                : new LatestRedrive(header.getRedriveCount(), header.getRedriveDate()));
    SealedFields.seal(record, seal, key.arn());
    return new Outgoing(
        Outputs.HISTORY,
        new HistoryKey(key, firstEventId, partition),
        codecs.historyOf(key).encode(record),
        statusHeader(firstEventId, events));
  }

  /** Null: the transition changes no status. */
  private static @Nullable Headers statusHeader(
      long firstEventId, List<io.stepstream.schemas.HistoryEvent> events) {
    ExecutionStatus status = HistoryHeaders.statusAfter(events.getLast().getType());
    boolean begins =
        firstEventId == 1 || events.getFirst().getType() == HistoryEventType.ExecutionRedriven;
    if (!begins && status == ExecutionStatus.RUNNING) {
      return null;
    }
    Headers headers = new RecordHeaders();
    headers.add(HistoryHeaders.STATUS, Outputs.utf8(status.name()));
    return headers;
  }

  /** What is sealed elsewhere is in no entry: logs are read by those who have no keys. */
  private static void logs(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      ExecutionLogging logging,
      List<Outgoing> outgoing,
      Seal seal) {
    LogEntry.Contents contents =
        !seal.isNone()
            ? LogEntry.Contents.NO_SEALED
            : logging.executionData() ? LogEntry.Contents.DATA : LogEntry.Contents.NO_DATA;
    for (HistoryEvent event : events) {
      if (logging.includes(HistoryEventType.valueOf(event.type().awsName()))) {
        io.stepstream.schemas.HistoryEvent mapped = mapped(header, event);
        outgoing.add(
            new Outgoing(
                Outputs.EXECUTION_LOGS,
                key,
                LogEntry.of(key.arn(), header.getRedriveCount(), mapped, contents),
                null));
      }
    }
  }

  /** A start tells by which version or alias, too. */
  private static io.stepstream.schemas.HistoryEvent mapped(
      ExecutionRow header, HistoryEvent event) {
    io.stepstream.schemas.HistoryEvent mapped = HistoryMapper.event(event);
    if (event.details() instanceof HistoryDetails.ExecutionStarted) {
      HistoryEventDetails started = mapped.getDetails();
      started.setStateMachineVersionArn(StartedUnder.versionArn(header));
      started.setStateMachineAliasArn(StartedUnder.aliasArn(header));
    }
    return mapped;
  }
}
