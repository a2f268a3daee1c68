package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkCancellation;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import java.util.List;

/** Keys of the records of operations: each follows from the body. */
final class OperationKeys {

  private OperationKeys() {}

  static String of(Object body) {
    return switch (body) {
      case BulkOperation operation -> operation.getOperationId();
      case BulkProgress progress -> progress(progress.getOperationId());
      case BulkCancellation cancellation -> cancellation(cancellation.getOperationId());
      default -> throw new IllegalArgumentException("no record of an operation: " + body);
    };
  }

  private static String progress(String operationId) {
    return operationId + "#progress";
  }

  private static String cancellation(String operationId) {
    return operationId + "#cancellation";
  }

  /** The operation's own last: without the others it would begin anew. */
  static List<String> all(String operationId) {
    return List.of(operationId, progress(operationId), cancellation(operationId));
  }
}
