package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkCancellation;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the records of operations come to, in whatever order they are left. Not thread safe. */
final class KnownOperations {

  private final Map<String, BulkOperation> operations = new HashMap<>();
  private final Map<String, BulkProgress> progress = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();

  /**
   * @param body null: the key is forgotten
   */
  void take(String key, @Nullable Object body) {
    switch (body) {
      case null -> {
        operations.remove(key);
        progress.remove(key);
        cancelled.remove(key);
      }
      case BulkOperation operation -> operations.put(key, operation);
      case BulkProgress made -> progress.put(key, made);
      case BulkCancellation _ -> cancelled.add(key);
      default -> throw new IllegalArgumentException("no record of an operation: " + body);
    }
  }

  /** In the order of their creation. */
  List<BulkStatus> all() {
    return operations.values().stream()
        .sorted(
            Comparator.comparing(BulkOperation::getCreationDate)
                .thenComparing(BulkOperation::getOperationId))
        .map(this::status)
        .toList();
  }

  private BulkStatus status(BulkOperation operation) {
    List<String> keys = OperationKeys.all(operation.getOperationId());
    BulkProgress made = progress.get(keys.get(1));
    BulkStatus status = BulkStatus.begun(operation);
    status = made == null ? status : status.with(made);
    return cancelled.contains(keys.get(2)) ? status.asCancelled() : status;
  }
}
