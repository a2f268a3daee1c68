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

  private final Map<String, Action> actions = new HashMap<>();
  private final Constraints constraints;
  private final ActionAccess access;
  private final Forwarder forwarder;
  private final Executor executor;

  /**
   * A router of these actions.
   *
   * @param executor renders answers: outcomes complete on threads that have better to do, such as
   *     those of Kafka Streams
   */
  ActionRouter(
      Collection<Action> actions,
      Constraints constraints,
      ActionAccess access,
      Forwarder forwarder,
      Executor executor) {
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
  }

  /** Never completes exceptionally. */
  CompletionStage<HttpAnswer> route(HttpCall http) {
    String requestId = UUID.randomUUID().toString();
    CompletableFuture<Answer> answer;
    try {
      answer = answer(http, requestId).toCompletableFuture();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer
        .thenApplyAsync(given -> HttpAnswer.of(requestId, given), executor)
        .exceptionallyComposeAsync(
            failure ->
                cause(failure) instanceof Elsewhere elsewhere && !http.origin().handedOn()
                    ? forwarder.forward(elsewhere.address(), http)
                    : CompletableFuture.failedFuture(failure),
            executor)
        .exceptionallyAsync(e -> HttpAnswer.of(requestId, failed(e, requestId)), executor)
        .thenApply(given -> audited(http, requestId, given));
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
