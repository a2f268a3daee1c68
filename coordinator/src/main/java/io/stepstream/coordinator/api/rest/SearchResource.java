package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds executions by their content. */
@Path("/api/executions")
final class SearchResource {

  private static final int USUAL_LIMIT = 50;
  private static final int LARGEST_LIMIT = 200;

  private static final Set<String> PARAMETERS =
      Set.of(
          "q",
          "machine",
          "namePrefix",
          "error",
          "status",
          "startedAfter",
          "startedBefore",
          "stoppedAfter",
          "stoppedBefore",
          "order",
          "limit",
          "pageToken");

  private final ExecutionSearch search;
  private final PageTokens tokens;

  SearchResource(ExecutionSearch search, PageTokens tokens) {
    this.search = search;
    this.tokens = tokens;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> search(@Context UriInfo uri) {
    SearchQuery query;
    int limit;
    Long beyond;
    try {
      Parameters parameters = Parameters.of(uri.getQueryParameters(), PARAMETERS);
      query = query(parameters);
      limit = parameters.number("limit", 1, LARGEST_LIMIT, USUAL_LIMIT);
      beyond = beyond(query, parameters.text("pageToken"));
    } catch (Parameters.Unusable e) {
      return CompletableFuture.completedFuture(Problems.response(e.problem()));
    }
    return search
        .search(query, beyond, limit)
        .thenApply(outcome -> answer(query, outcome))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static SearchQuery query(Parameters parameters) throws Parameters.Unusable {
    return new SearchQuery(
        parameters.text("q"),
        parameters.text("machine"),
        parameters.text("namePrefix"),
        parameters.text("error"),
        parameters.statuses("status"),
        parameters.times("startedAfter", "startedBefore"),
        parameters.times("stoppedAfter", "stoppedBefore"),
        oldestFirst(parameters.text("order")));
  }

  private static boolean oldestFirst(@Nullable String order) throws Parameters.Unusable {
    return switch (order) {
      case null -> false;
      case "newest" -> false;
      case "oldest" -> true;
      default ->
          throw new Parameters.Unusable(
              Problem.invalid(
                  "order",
                  null,
                  "There is no order '%s'".formatted(order),
                  "Use newest or oldest"));
    };
  }

  private @Nullable Long beyond(SearchQuery query, @Nullable String token)
      throws Parameters.Unusable {
    if (token == null) {
      return null;
    }
    return switch (tokens.position(query.toString(), token)) {
      case Checked.Valid<Long>(Long position) -> position;
      case Checked.Invalid<Long>(var refusal) ->
          throw new Parameters.Unusable(
              Problem.invalid(
                  "pageToken",
                  null,
                  refusal.message(),
                  "Send nextPageToken with the other parameters unchanged, within a day; or begin"
                      + " without it"));
    };
  }

  private Response answer(SearchQuery query, SearchOutcome outcome) {
    return switch (outcome) {
      case SearchOutcome.Malformed(int at, String what, String mend) ->
          Problems.response(Problem.invalid("q", at, what, mend));
      case SearchOutcome.TooSlow() ->
          Problems.response(
              Problem.unavailable(
                  "The search took too long; a longer beginning before * or a shorter stretch of"
                      + " time takes less",
                  Duration.ofSeconds(5)));
      case SearchOutcome.Found found ->
          Response.ok(page(query, found), MediaType.APPLICATION_JSON)
              .header("Cache-Control", "no-store")
              .build();
    };
  }

  private SearchAnswer page(SearchQuery query, SearchOutcome.Found found) {
    return new SearchAnswer(
        found.executions().stream().map(SearchAnswer.Execution::of).toList(),
        found.total(),
        found.lowerBound(),
        found.more()
            ? tokens.issue(query.toString(), found.executions().getLast().execution().position())
            : null,
        found.asOf() == null ? null : found.asOf().toString(),
        found.partlyIndexed());
  }
}
