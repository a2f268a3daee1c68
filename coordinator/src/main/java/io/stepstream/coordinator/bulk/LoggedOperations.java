package io.stepstream.coordinator.bulk;

import io.stepstream.schemas.BulkCancellation;
import io.stepstream.schemas.BulkOperation;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Operations as their log has them. */
final class LoggedOperations implements BulkOperations {

  private final OperationLog log;
  private final InstantSource clock;
  private final Executor executor;

  /**
   * @param executor runs what waits for the log
   */
  LoggedOperations(OperationLog log, InstantSource clock, Executor executor) {
    this.log = log;
    this.clock = clock;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> create(Wish wish) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (log.all().stream().filter(BulkStatus::isOpen).count() >= MOST_OPEN) {
            return Optional.empty();
          }
          BulkOperation operation =
              new BulkOperation(
                  UUID.randomUUID().toString(),
                  wish.kind(),
                  wish.filter(),
                  wish.executionArns(),
                  wish.error(),
                  wish.cause(),
                  clock.instant().truncatedTo(ChronoUnit.MILLIS));
          log.write(operation);
          return Optional.of(BulkStatus.begun(operation));
        },
        executor);
  }

  @Override
  public CompletionStage<List<BulkStatus>> list() {
    return CompletableFuture.supplyAsync(() -> log.all().reversed(), executor);
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> find(String operationId) {
    return CompletableFuture.supplyAsync(() -> log.find(operationId), executor);
  }

  @Override
  public CompletionStage<Optional<BulkStatus>> cancel(String operationId) {
    return CompletableFuture.supplyAsync(
        () -> {
          Optional<BulkStatus> known = log.find(operationId);
          if (known.isPresent() && known.get().isOpen() && !known.get().cancelled()) {
            log.write(new BulkCancellation(operationId, clock.instant()));
            return log.find(operationId);
          }
          return known;
        },
        executor);
  }
}
