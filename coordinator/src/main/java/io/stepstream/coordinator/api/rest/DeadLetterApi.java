package io.stepstream.coordinator.api.rest;

import io.stepstream.coordinator.deadletter.DeadLetters;
import io.stepstream.coordinator.deadletter.LetterId;
import io.stepstream.coordinator.deadletter.LetterOutcome;
import io.stepstream.coordinator.deadletter.LetterQuery;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is done with dead letters over HTTP, wherever its path is. */
@Singleton
final class DeadLetterApi {

  private static final int USUAL_LIMIT = 50;
  private static final int LARGEST_LIMIT = 200;
  private static final Set<String> PARAMETERS =
      Set.of("topic", "component", "state", "limit", "pageToken");

  private final DeadLetters letters;

  DeadLetterApi(DeadLetters letters) {
    this.letters = letters;
  }

  CompletionStage<Response> list(MultivaluedMap<String, String> given) {
    LetterQuery query;
    try {
      Parameters parameters = Parameters.of(given, PARAMETERS);
      query =
          new LetterQuery(
              parameters.text("topic"),
              parameters.text("component"),
              state(parameters.text("state")),
              LetterPageToken.parse(parameters.text("pageToken")),
              parameters.number("limit", 1, LARGEST_LIMIT, USUAL_LIMIT));
    } catch (Parameters.Unusable e) {
      return now(e.problem());
    }
    return letters
        .list(query)
        .thenApply(page -> DeadLetterAnswer.response(DeadLetterAnswer.Page.of(page)))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static LetterQuery.State state(@Nullable String state) throws Parameters.Unusable {
    return switch (state) {
      case null -> LetterQuery.State.OPEN;
      case "open" -> LetterQuery.State.OPEN;
      case "redriven" -> LetterQuery.State.REDRIVEN;
      case "discarded" -> LetterQuery.State.DISCARDED;
      case "all" -> LetterQuery.State.ALL;
      default ->
          throw new Parameters.Unusable(
              Problem.invalid(
                  "state",
                  null,
                  "There is no state '%s'".formatted(state),
                  "Use open, redriven, discarded or all"));
    };
  }

  CompletionStage<Response> describe(String id) {
    Optional<LetterId> parsed = LetterId.parse(id);
    if (parsed.isEmpty()) {
      return now(notFound(id));
    }
    return letters
        .find(parsed.get())
        .thenApply(
            found ->
                found
                    .map(letter -> DeadLetterAnswer.response(DeadLetterAnswer.of(letter)))
                    .orElseGet(() -> Problems.response(notFound(id))))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static Problem notFound(String id) {
    return Problem.notFound(
        "There is no dead letter '%s', or not any more".formatted(id),
        "GET /api/dead-letters tells which there are");
  }

  CompletionStage<Response> redrive(@Nullable MediaType type, byte[] body) {
    return change(type, body, letters::redrive);
  }

  CompletionStage<Response> discard(@Nullable MediaType type, byte[] body) {
    return change(type, body, letters::discard);
  }

  /**
   * Takes JSON by its name only: a page of another site can make a browser send other types without
   * asking first.
   */
  private static CompletionStage<Response> change(
      @Nullable MediaType type,
      byte[] body,
      Function<List<LetterId>, CompletionStage<List<LetterOutcome>>> change) {
    if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
      return now(Problem.notJson());
    }
    List<LetterId> ids;
    try {
      ids = LetterIdsText.parse(body);
    } catch (Parameters.Unusable e) {
      return now(e.problem());
    }
    return change
        .apply(ids)
        .thenApply(outcomes -> DeadLetterAnswer.response(DeadLetterAnswer.Outcomes.of(outcomes)))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static CompletionStage<Response> now(Problem problem) {
    return CompletableFuture.completedFuture(Problems.response(problem));
  }
}
