package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What callers do with bulk operations. Stages complete exceptionally only with {@link
 * io.stepstream.coordinator.execution.Unavailable}.
 */
public interface BulkOperations {

  /** Executions that may be named in one operation. */
  int MOST_NAMED = 1_000;

  /** Executions that one operation looks at. */
  int MOST_EXECUTIONS = 100_000;

  /** Operations that may be open at the same time: they are carried out one after the other. */
  int MOST_OPEN = 20;

  /**
   * A wish.
   *
   * @param filter null: {@code executionArns} has them
   * @param error of stopped executions
   */
  record Wish(
      BulkKind kind,
      @Nullable BulkFilter filter,
      List<String> executionArns,
      @Nullable String error,
      @Nullable String cause) {

    public Wish {
      executionArns = List.copyOf(executionArns);
      if ((filter == null) == executionArns.isEmpty()) {
        throw new IllegalArgumentException("an operation has either a filter or ARNs");
      }
    }
  }

  /**
   * Empty: so many are open already that no other is taken. Otherwise it can't be lost any more.
   */
  CompletionStage<Optional<BulkStatus>> create(Wish wish);

  /** All that are kept, the latest first. */
  CompletionStage<List<BulkStatus>> list();

  /** Empty: there is no such operation, or not any more. */
  CompletionStage<Optional<BulkStatus>> find(String operationId);

  /**
   * Ends an operation soon; what was done stays done. One that has ended stays as it is. Empty:
   * there is no such operation.
   */
  CompletionStage<Optional<BulkStatus>> cancel(String operationId);
}
