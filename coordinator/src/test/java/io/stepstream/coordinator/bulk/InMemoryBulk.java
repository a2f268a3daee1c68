package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkFailure;
import io.stepstream.schemas.BulkProgress;
import io.stepstream.schemas.BulkState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Operations that nobody carries out. */
public final class InMemoryBulk implements BulkOperations {

  public static final Instant CREATED = Instant.parse("2026-09-03T00:00:00Z");

  private final InMemoryLog log = new InMemoryLog();
  private final LoggedOperations operations =
      new LoggedOperations(log, () -> CREATED, Runnable::run);
  private volatile @Nullable RuntimeException outage;

  /** From now on every call fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /** Ends an operation that one execution has failed. */
  public void fail(String operationId, String executionArn, String reason) {
    log.write(
        new BulkProgress(
            operationId,
            BulkState.COMPLETED,
            1L,
            2L,
            3L,
            1L,
            List.of(new BulkFailure(executionArn, reason)),
            "enough",
            CREATED.plusSeconds(1)));
  }

  private <T> CompletionStage<T> unlessOut(CompletionStage<T> answer) {
    return outage == null ? answer : CompletableFuture.failedFuture(outage);
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> create(Wish wish) {
    return unlessOut(operations.create(wish));
  }

  @Override
  public CompletionStage<List<BulkStatus>> list() {
    return unlessOut(operations.list());
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> find(String operationId) {
    return unlessOut(operations.find(operationId));
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> cancel(String operationId) {
    return unlessOut(operations.cancel(operationId));
  }
}
