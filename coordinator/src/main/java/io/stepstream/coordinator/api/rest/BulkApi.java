package io.stepstream.coordinator.api.rest;

import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.bulk.BulkOperations.Wish;
import io.stepstream.coordinator.bulk.BulkStatus;
import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.TimeRange;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is done with bulk operations over HTTP, wherever its path is. */
@Singleton
final class BulkApi {

  private final BulkOperations operations;
  private final ExecutionSearch search;

  BulkApi(BulkOperations operations, ExecutionSearch search) {
    this.operations = operations;
    this.search = search;
  }

  CompletionStage<Response> list() {
    return operations
        .list()
        .thenApply(all -> BulkAnswer.response(200, BulkAnswer.All.of(all)))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  /**
   * Takes JSON by its name only: a page of another site can make a browser send other types without
   * asking first.
   */
  CompletionStage<Response> create(@Nullable MediaType type, byte[] body) {
    if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
      return now(Problem.notJson());
    }
    Wish wish;
    try {
      wish = BulkRequest.parse(body);
    } catch (Parameters.Unusable e) {
      return now(e.problem());
    }
    return malformed(wish)
        .thenCompose(
            malformed ->
                malformed.isPresent()
                    ? now(malformed.get())
                    : operations
                        .create(wish)
                        .thenApply(
                            made ->
                                made.map(status -> BulkAnswer.response(201, BulkAnswer.of(status)))
                                    .orElseGet(() -> Problems.response(BulkAnswer.tooMany()))))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  /** Whoever asks is told at once, and not by an operation that fails. */
  private CompletionStage<Optional<Problem>> malformed(Wish wish) {
    if (wish.filter() == null || wish.filter().getText() == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    SearchQuery query =
        new SearchQuery(
            wish.filter().getText(),
            null,
            null,
            null,
            Set.of(),
            TimeRange.ANY,
            TimeRange.ANY,
            true);
    return search
        .search(query, null, 1)
        .thenApply(
            outcome ->
                outcome instanceof SearchOutcome.Malformed(int at, String what, String mend)
                    ? Optional.of(Problem.invalid("q", at, what, mend))
                    : Optional.empty());
  }

  CompletionStage<Response> describe(String id) {
    return answer(id, operations.find(id));
  }

  CompletionStage<Response> cancel(String id) {
    return answer(id, operations.cancel(id));
  }

  private static CompletionStage<Response> answer(
      String id, CompletionStage<Optional<BulkStatus>> found) {
    return found
        .thenApply(
            known ->
                known
                    .map(status -> BulkAnswer.response(200, BulkAnswer.of(status)))
                    .orElseGet(
                        () ->
                            Problems.response(
                                Problem.notFound(
                                    "There is no bulk operation '%s', or not any more"
                                        .formatted(id),
                                    "GET /api/bulk-operations tells which there are"))))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static CompletionStage<Response> now(Problem problem) {
    return CompletableFuture.completedFuture(Problems.response(problem));
  }
}
