package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.definition.TriggerOutcome;
import io.stepstream.coordinator.trigger.TopicTriggers;
import io.stepstream.coordinator.trigger.TriggerResult;
import io.stepstream.coordinator.trigger.TriggerSpec;
import io.stepstream.coordinator.trigger.TriggerStatus;
import io.stepstream.schemas.TopicTrigger;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What is done with triggers over HTTP, wherever its path is. */
@Singleton
final class TriggerApi {

  private static final TriggerStatus UNKNOWN = new TriggerStatus(false, List.of());

  private final TopicTriggers triggers;

  TriggerApi(TopicTriggers triggers) {
    this.triggers = triggers;
  }

  CompletionStage<Response> list() {
    return triggers
        .list()
        .thenCompose(
            all ->
                triggers
                    .statuses(all)
                    .thenApply(
                        statuses -> {
                          ObjectNode json = TriggerRequest.JSON.createObjectNode();
                          ArrayNode array = json.putArray("triggers");
                          all.forEach(trigger -> array.add(answer(trigger, statuses)));
                          return ok(200, json);
                        }))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  CompletionStage<Response> create(byte[] body) {
    TriggerSpec spec;
    boolean earliest;
    try {
      TriggerRequest request = TriggerRequest.creation(body);
      spec = request.spec();
      earliest = request.earliest();
    } catch (Parameters.Unusable e) {
      return now(e.problem());
    }
    return triggers
        .create(spec, earliest)
        .thenCompose(result -> answer(201, result))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  CompletionStage<Response> describe(String name) {
    return withTrigger(name, trigger -> shown(200, trigger));
  }

  CompletionStage<Response> update(String name, byte[] patch) {
    return withTrigger(
        name,
        trigger -> {
          TriggerSpec spec;
          try {
            spec = TriggerRequest.patched(trigger, patch);
          } catch (Parameters.Unusable e) {
            return now(e.problem());
          }
          return triggers.update(trigger, spec).thenCompose(result -> answer(200, result));
        });
  }

  CompletionStage<Response> pause(String name, boolean paused) {
    return triggers
        .pause(name, paused)
        .thenCompose(outcome -> answer(200, outcome))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  CompletionStage<Response> delete(String name) {
    return triggers
        .delete(name)
        .thenApply(
            deleted -> deleted ? Response.noContent().build() : Problems.response(notFound()))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  // ------------------------------------------------------------------ answers

  private CompletionStage<Response> withTrigger(
      String name, Function<TopicTrigger, CompletionStage<Response>> next) {
    return triggers
        .describe(name)
        .thenCompose(found -> found.map(next).orElseGet(() -> now(notFound())))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private CompletionStage<Response> answer(int status, TriggerResult result) {
    return switch (result) {
      case TriggerResult.Invalid(String member, String detail, String mend) ->
          now(Problem.invalid(member, null, detail, mend));
      case TriggerResult.Decided(TriggerOutcome outcome) -> answer(status, outcome);
    };
  }

  private CompletionStage<Response> answer(int status, TriggerOutcome outcome) {
    return switch (outcome) {
      case TriggerOutcome.Done(TopicTrigger trigger) -> shown(status, trigger);
      case TriggerOutcome.NotFound() -> now(notFound());
      case TriggerOutcome.AlreadyExists() ->
          now(
              Problem.conflict(
                  "There is another trigger with this name",
                  "Change that one, or choose another name"));
      case TriggerOutcome.Outdated() ->
          now(
              Problem.conflict(
                  "Somebody else has changed the trigger at the same time",
                  "Look at it and try again"));
      case TriggerOutcome.TooMany(int most) ->
          now(
              Problem.conflict(
                  "There are %d triggers, and can't be more".formatted(most),
                  "Delete one, or let one trigger serve several machines' starts"));
    };
  }

  private CompletionStage<Response> shown(int status, TopicTrigger trigger) {
    return triggers
        .statuses(List.of(trigger))
        .thenApply(statuses -> ok(status, answer(trigger, statuses)));
  }

  private static ObjectNode answer(TopicTrigger trigger, Map<String, TriggerStatus> statuses) {
    return TriggerAnswer.of(trigger, statuses.getOrDefault(trigger.getName(), UNKNOWN));
  }

  private static Response ok(int status, ObjectNode json) {
    return Response.status(status)
        .entity(json.toString())
        .type(MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .build();
  }

  private static Problem notFound() {
    return Problem.notFound("There is no such trigger", "GET /api/triggers tells what there is");
  }

  private static CompletionStage<Response> now(Problem problem) {
    return CompletableFuture.completedFuture(Problems.response(problem));
  }
}
