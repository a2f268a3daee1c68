package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.coordinator.statuschange.StatusChangeEvent;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.CloudEventHeaders;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an execution's status to whoever listens: its end, as a CloudEvent, and each
 * change, in EventBridge's shape.
 *
 * <p>Not thread safe: one per partition.
 */
final class StatusRecords {

  // Shared, since nobody writes to a header's value.
  private static final byte[] VERSION_1 = Outputs.utf8(CloudEventHeaders.VERSION_1);
  private static final byte[] EXECUTION_COMPLETED =
      Outputs.utf8(CloudEventHeaders.EXECUTION_COMPLETED);
  private static final byte[] AVRO = Outputs.utf8(CloudEventHeaders.AVRO);

  private final LaneSettings lane;
  private final LaneCodecs codecs;

  StatusRecords(LaneSettings lane, LaneCodecs codecs) {
    this.lane = lane;
    this.codecs = codecs;
  }

  /**
   * Adds what is to be told of a step.
   *
   * @param close null: the execution has not ended
   */
  void tell(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      Effect.@Nullable Close close,
      List<Outgoing> outgoing,
      Seal seal) {
    if (close != null && tellsItsEnd(header)) {
      outgoing.add(completion(key, close, header, seal));
    }
    if (lane.statusChanges()) {
      changes(key, header, events, close, outgoing, seal);
    }
  }

  /**
   * The Express children of a Map run are told by the results of their Map, and publish no end of
   * their own (ADR 0040): a million items would be a million records that say the same again.
   */
  private boolean tellsItsEnd(ExecutionRow header) {
    return !lane.express() || !(header.getPart() instanceof ChildOfMapRun);
  }

  private Outgoing completion(
      ExecutionKey key, Effect.Close close, ExecutionRow header, Seal seal) {
    Execution execution = close.execution();
    Instant stopDate = Instant.ofEpochMilli(Objects.requireNonNull(execution.stopMillis()));
    ExecutionCompleted completed =
        new ExecutionCompleted(
            execution.arn(),
            execution.stateMachineArn(),
            execution.name(),
            lane.topics().lane(),
            ExecutionStatus.valueOf(execution.status().name()),
            Instant.ofEpochMilli(execution.startMillis()),
            stopDate,
            Payloads.of(close.input()),
            close.output() == null ? null : Payloads.of(close.output()),
            close.error(),
            close.cause(),
            header.getTraceHeader(),
            StartedUnder.versionArn(header),
            StartedUnder.aliasArn(header));
    SealedFields.seal(completed, seal, key.arn());
    Headers headers = new RecordHeaders();
    headers.add(CloudEventHeaders.SPEC_VERSION, VERSION_1);
    // The execution and its terminal event name the completion: a repeated one has the same id.
    headers.add(
        CloudEventHeaders.ID, Outputs.utf8(execution.arn() + '#' + (execution.nextEventId() - 1)));
    headers.add(CloudEventHeaders.SOURCE, Outputs.utf8(execution.stateMachineArn()));
    headers.add(CloudEventHeaders.TYPE, EXECUTION_COMPLETED);
    headers.add(CloudEventHeaders.SUBJECT, Outputs.utf8(execution.arn()));
    headers.add(CloudEventHeaders.TIME, Outputs.utf8(stopDate.toString()));
    headers.add(CloudEventHeaders.CONTENT_TYPE, AVRO);
    return new Outgoing(Outputs.COMPLETIONS, key, codecs.completions().encode(completed), headers);
  }

  /** An execution that begins and ends in one step is told of twice, as on AWS. */
  private static void changes(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      Effect.@Nullable Close close,
      List<Outgoing> outgoing,
      Seal seal) {
    for (HistoryEvent event : events) {
      if (event.details() instanceof HistoryDetails.ExecutionStarted(byte[] input, String _)) {
        outgoing.add(begun(key, header, event, input, seal));
      } else if (event.details() instanceof HistoryDetails.ExecutionRedriven) {
        // What it began with is not read for a redrive.
        outgoing.add(begun(key, header, event, null, seal));
      }
    }
    if (close != null) {
      Execution execution = close.execution();
      outgoing.add(
          change(
              key,
              header,
              ExecutionStatus.valueOf(execution.status().name()),
              execution.nextEventId() - 1,
              Objects.requireNonNull(execution.stopMillis()),
              close.input(),
              close.output(),
              close.error(),
              close.cause(),
              seal));
    }
  }

  private static Outgoing begun(
      ExecutionKey key,
      ExecutionRow header,
      HistoryEvent event,
      byte @Nullable [] input,
      Seal seal) {
    return change(
        key,
        header,
        ExecutionStatus.RUNNING,
        event.id(),
        event.timestampMillis(),
        input,
        null,
        null,
        null,
        seal);
  }

  private static Outgoing change(
      ExecutionKey key,
      ExecutionRow header,
      ExecutionStatus status,
      long eventId,
      long millis,
      byte @Nullable [] input,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      Seal seal) {
    StatusChangeEvent change =
        new StatusChangeEvent(
            key.arn(),
            header.getStateMachineArn(),
            header.getName(),
            status,
            eventId,
            Instant.ofEpochMilli(millis),
            header.getStartDate(),
            input,
            output,
            error,
            cause,
            !seal.isNone(),
            StartedUnder.versionArn(header),
            StartedUnder.aliasArn(header),
            header.getRedriveCount(),
            header.getRedriveDate());
    Headers headers = new RecordHeaders();
    headers.add(HistoryHeaders.STATUS, Outputs.utf8(status.name()));
    return new Outgoing(Outputs.STATUS_CHANGES, key, change.toJson(), headers);
  }
}
