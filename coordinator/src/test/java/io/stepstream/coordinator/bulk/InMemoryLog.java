package io.stepstream.coordinator.bulk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log that nobody else writes. */
final class InMemoryLog implements OperationLog {

  private final KnownOperations known = new KnownOperations();
  private @Nullable RuntimeException outage;

  /** From now on nothing can be written; null ends that. */
  synchronized void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public synchronized List<BulkStatus> all() {
    return known.all();
  }

  @Override
  public synchronized void write(Object body) {
    if (outage != null) {
      throw outage;
    }
    known.take(OperationKeys.of(body), body);
  }

  @Override
  public synchronized void forget(String operationId) {
    OperationKeys.all(operationId).forEach(key -> known.take(key, null));
  }
}
