package io.stepstream.coordinator.view;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.HistoryHeaders;

/** What the history of an execution tells about it. */
public final class Descriptions {

  private Descriptions() {}

  /**
   * @param first begins with ExecutionStarted
   * @param last of the same execution, perhaps the same record
   */
  public static ExecutionDescription of(HistoryRecord first, HistoryRecord last) {
    HistoryEvent started = first.getEvents().getFirst();
    HistoryEvent latest = last.getEvents().getLast();
    HistoryEventDetails start = started.getDetails();
    HistoryEventDetails end = latest.getDetails();
    ExecutionStatus status = HistoryHeaders.statusAfter(latest.getType());
    boolean ended = status != ExecutionStatus.RUNNING;
    return new ExecutionDescription(
        first.getExecutionArn(),
        first.getStateMachineArn(),
        first.getRevisionId(),
        ExecutionArns.name(first.getExecutionArn()),
        status,
        started.getTimestamp(),
        ended ? latest.getTimestamp() : null,
        Payloads.bytes(start.getInput()),
        ended && end != null && end.getOutput() != null ? Payloads.bytes(end.getOutput()) : null,
        ended && end != null ? end.getError() : null,
        ended && end != null ? end.getCause() : null,
        first.getTraceHeader(),
        last.getRedrive() == null ? 0 : last.getRedrive().getCount(),
        last.getRedrive() == null ? null : last.getRedrive().getDate(),
        first.getMapRunArn(),
        start.getStateMachineVersionArn(),
        start.getStateMachineAliasArn());
  }
}
