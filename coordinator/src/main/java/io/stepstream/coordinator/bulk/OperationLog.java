package io.stepstream.coordinator.bulk;

import java.util.List;
import java.util.Optional;

/** The operations that there are, and the way to write of them. Calls block. */
interface OperationLog {

  /**
   * All operations, in the order of their creation.
   *
   * @throws io.stepstream.coordinator.execution.Unavailable while they are being read
   */
  List<BulkStatus> all();

  /** As {@link #all}. */
  default Optional<BulkStatus> find(String operationId) {
    return all().stream()
        .filter(known -> known.operation().getOperationId().equals(operationId))
        .findFirst();
  }

  /**
   * Writes and returns when it can't be lost and {@link #all} tells it.
   *
   * @param body of a {@code BulkRecord}
   * @throws io.stepstream.coordinator.execution.Unavailable if Kafka doesn't take it
   */
  void write(Object body);

  /** Forgets all of an operation. */
  void forget(String operationId);
}
