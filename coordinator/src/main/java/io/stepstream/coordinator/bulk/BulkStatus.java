package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import io.stepstream.schemas.BulkState;
import java.util.List;

/**
 * An operation as it is now.
 *
 * @param cancelled whether somebody wants it to end
 */
public record BulkStatus(BulkOperation operation, BulkProgress progress, boolean cancelled) {

  static BulkStatus begun(BulkOperation operation) {
    return new BulkStatus(
        operation,
        new BulkProgress(
            operation.getOperationId(),
            BulkState.RUNNING,
            0L,
            0L,
            0L,
            0L,
            List.of(),
            null,
            operation.getCreationDate()),
        false);
  }

  BulkStatus with(BulkProgress newProgress) {
    return new BulkStatus(operation, newProgress, cancelled);
  }

  BulkStatus asCancelled() {
    return new BulkStatus(operation, progress, true);
  }

  boolean isOpen() {
    return progress.getState() == BulkState.RUNNING;
  }
}
