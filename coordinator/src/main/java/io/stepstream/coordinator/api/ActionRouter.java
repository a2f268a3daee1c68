package io.stepstream.coordinator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.protocol.StrictJson;
import io.stepstream.coordinator.execution.Elsewhere;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a request to its action and its outcome to the caller. Whatever happens, there is an answer
 * within the action's patience.
 */
final class ActionRouter {

  private static final Logger LOG = LoggerFactory.getLogger(ActionRouter.class);
  private static final String PREFIX = "AWSStepFunctions.";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * How long a call waits for what moves between nodes, as long as one for a command's answer.
   * AWS's clients give up after three attempts, two seconds apart in all; a node that is started
   * again is away for longer, and its partitions go to others only after the six seconds of its
   * session.
   */
  static final Duration LONGEST_MOVE = Duration.ofSeconds(10);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private static final int UNAVAILABLE = 503;

  private final Map<String, Action> actions = new HashMap<>();
  private final Constraints constraints;
  private final ActionAccess access;
  private final Forwarder forwarder;
  private final Executor executor;
  private final Duration longestMove;

  /** What one attempt comes to. */
  private sealed interface Outcome {
    record Given(HttpAnswer answer) implements Outcome {}

    /**
     * Nobody can answer now, since what is asked for moves.
     *
     * @param answer if that is all that comes of it
     */
    record Moves(Supplier<HttpAnswer> answer) implements Outcome {}
  }

  /**
   * A router of these actions.
   *
   * @param executor renders answers: outcomes complete on threads that have better to do, such as
   *     those of Kafka Streams
   * @param longestMove {@link #LONGEST_MOVE}, but in tests
   */
  ActionRouter(
      Collection<Action> actions,
      Constraints constraints,
      ActionAccess access,
      Forwarder forwarder,
      Executor executor,
      Duration longestMove) {
    actions.forEach(action -> this.actions.put(action.name(), action));
    if (!this.actions.keySet().equals(constraints.actions())) {
      throw new IllegalStateException(
          "there are actions %s, but constraints of %s"
              .formatted(this.actions.keySet(), constraints.actions()));
    }
    this.constraints = constraints;
    this.access = access;
    this.forwarder = forwarder;
    this.executor = executor;
    this.longestMove = longestMove;
  }

  /** Never completes exceptionally. */
  CompletionStage<HttpAnswer> route(HttpCall http) {
    String requestId = UUID.randomUUID().toString();
    return attempt(http, requestId, System.nanoTime() + longestMove.toNanos())
        .thenApply(given -> audited(http, requestId, given));
  }

  /**
   * Looks again for as long as what is asked for moves: a node that stops takes its part of the
   * view with it, until it is back or another has it. A call that was handed on is looked after by
   * the node which it came from.
   */
  private CompletionStage<HttpAnswer> attempt(HttpCall http, String requestId, long untilNanos) {
    return once(http, requestId)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case Outcome.Given(HttpAnswer answer) ->
                      CompletableFuture.completedFuture(answer);
                  case Outcome.Moves(Supplier<HttpAnswer> answer)
                      when http.origin().handedOn()
                          || http.gone().toCompletableFuture().isDone()
                          || System.nanoTime() - untilNanos > 0 ->
                      CompletableFuture.completedFuture(answer.get());
                  case Outcome.Moves _ ->
                      CompletableFuture.supplyAsync(
                              () -> attempt(http, requestId, untilNanos),
                              CompletableFuture.delayedExecutor(
                                  LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS, executor))
                          .thenCompose(Function.identity());
                });
  }

  /** Never completes exceptionally. */
  private CompletionStage<Outcome> once(HttpCall http, String requestId) {
    CompletableFuture<Answer> answer;
    try {
      answer = answer(http, requestId).toCompletableFuture();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer
        .<Outcome>thenApplyAsync(
            given -> new Outcome.Given(HttpAnswer.of(requestId, given)), executor)
        .exceptionallyComposeAsync(
            failure ->
                cause(failure) instanceof Elsewhere elsewhere
                    ? handOn(elsewhere, http, requestId)
                    : CompletableFuture.failedFuture(failure),
            executor)
        .exceptionallyAsync(
            e -> new Outcome.Given(HttpAnswer.of(requestId, failed(e, requestId))), executor);
  }

  private CompletionStage<Outcome> handOn(Elsewhere elsewhere, HttpCall http, String requestId) {
    String address = elsewhere.address();
    if (address == null || http.origin().handedOn()) {
      return CompletableFuture.completedFuture(
          new Outcome.Moves(() -> HttpAnswer.of(requestId, failed(elsewhere, requestId))));
    }
    return forwarder
        .forward(address, http)
        .<Outcome>thenApply(
            given ->
                given.status() == UNAVAILABLE
                    ? new Outcome.Moves(() -> given)
                    : new Outcome.Given(given))
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof IOException
                    ? CompletableFuture.completedFuture(
                        new Outcome.Moves(
                            () -> HttpAnswer.of(requestId, failed(failure, requestId))))
                    : CompletableFuture.failedFuture(failure));
  }

  private HttpAnswer audited(HttpCall http, String requestId, HttpAnswer answer) {
    String target = http.target();
    if (target != null && target.startsWith(PREFIX)) {
      access.tell(http, target.substring(PREFIX.length()), requestId, answer);
    }
    return answer;
  }

  private CompletionStage<Answer> answer(HttpCall http, String requestId) {
    return Credential.of(http.authorization())
        .then(
            credential ->
                action(http.target()).then(action -> answer(action, http, requestId, credential)));
  }

  private CompletionStage<Answer> answer(
      Action action, HttpCall http, String requestId, Credential credential) {
    LOG.debug("{} by {}, request {}", action.name(), credential.accessKeyId(), requestId);
    JsonNode parameters;
    try {
      parameters = StrictJson.read(http.body());
    } catch (JsonProcessingException e) {
      return Refusals.serialization("The request is not JSON: " + e.getOriginalMessage()).now();
    } catch (IOException e) {
      return Refusals.serialization("The request is not JSON in UTF-8").now();
    }
    Answer.Refusal violations = constraints.check(action.name(), parameters);
    if (violations != null) {
      return violations.now();
    }
    Answer.Refusal denied = access.refusal(http.origin().caller(), action.name(), parameters);
    if (denied != null) {
      return denied.now();
    }
    return action
        .answer(new Call(parameters, http.traceHeader(), http.gone()))
        .toCompletableFuture()
        // A copy: the original belongs to whoever will complete it.
        .copy()
        .orTimeout(action.patience().toMillis(), TimeUnit.MILLISECONDS);
  }

  private Checked<Action> action(@Nullable String target) {
    if (target == null || !target.startsWith(PREFIX)) {
      return new Invalid<>(
          Refusals.unknownOperation(
              "The header X-Amz-Target names no action of AWS Step Functions; it must be "
                  + PREFIX
                  + "<Action>"));
    }
    String name = target.substring(PREFIX.length());
    Action action = actions.get(name);
    if (action != null) {
      return new Valid<>(action);
    }
    return new Invalid<>(Refusals.unknownOperation("AWS Step Functions has no action " + name));
  }

  private static Answer failed(Throwable failure, String requestId) {
    Throwable cause = cause(failure);
    return switch (cause) {
      case Unavailable unavailable -> {
        // Without its trace: an outage concerns every request.
        LOG.warn("Request {} can't be answered now: {}", requestId, unavailable.getMessage());
        yield Refusals.unavailable(unavailable.getMessage(), unavailable.retryAfter());
      }
      case KeyUnavailableException missing -> {
        LOG.warn("Request {} needs a key: {}", requestId, missing.getMessage());
        yield Refusals.kmsInvalidState(String.valueOf(missing.getMessage()));
      }
      case Elsewhere _ ->
          Refusals.unavailable("What is asked for is being moved to another node", RETRY_AFTER);
      case IOException unreachable -> {
        LOG.warn("Request {} can't be handed on: {}", requestId, unreachable.toString());
        yield Refusals.unavailable("The node that has the answer can't be reached", RETRY_AFTER);
      }
      case TimeoutException _ -> {
        LOG.warn("Request {} got no answer in time", requestId);
        yield Refusals.unavailable("No answer in time; it may have taken effect", RETRY_AFTER);
      }
      default -> {
        LOG.error("Request {} failed", requestId, cause);
        yield Refusals.internalFailure(requestId);
      }
    };
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
