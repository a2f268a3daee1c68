package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import org.apache.avro.specific.SpecificRecord;

/**
 * Opens what callers are to see of sealed payloads, or leaves it out for those who want none of it.
 */
final class PayloadReader {

  private final Seals seals;

  PayloadReader(Seals seals) {
    this.seals = seals;
  }

  /**
   * Opens an event in place, or takes out what is sealed.
   *
   * @param payloads whether the caller wants them
   * @throws KeyUnavailableException a payload can't be opened
   */
  void read(HistoryEvent event, String executionArn, boolean payloads) {
    open(event, executionArn, payloads);
  }

  /**
   * The same of an execution's description, whose payloads are those of its first and last event.
   */
  ExecutionDescription read(ExecutionDescription execution, boolean payloads) {
    HistoryEventDetails start = new HistoryEventDetails();
    start.setInput(Payloads.of(execution.input()));
    HistoryEventDetails end = new HistoryEventDetails();
    end.setOutput(execution.output() == null ? null : Payloads.of(execution.output()));
    end.setError(execution.error());
    end.setCause(execution.cause());
    open(start, execution.executionArn(), payloads);
    open(end, execution.executionArn(), payloads);
    return execution.withPayloads(
        start.getInput() == null ? execution.input() : Payloads.bytes(start.getInput()),
        end.getOutput() == null ? execution.output() : Payloads.bytes(end.getOutput()),
        end.getError(),
        end.getCause());
  }

  private void open(SpecificRecord record, String executionArn, boolean payloads) {
    if (!payloads) {
      SealedFields.strip(record);
      return;
    }
    SealProblem problem = seals.open(record, executionArn);
    if (problem != null) {
      throw new KeyUnavailableException(problem.reason());
    }
  }
}
