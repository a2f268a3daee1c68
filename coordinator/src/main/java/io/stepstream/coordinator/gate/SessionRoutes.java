package io.stepstream.coordinator.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.access.Authentication;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.audit.AuditTrail;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The console's session: {@code POST} with an API key begins one ({@link LoginRoutes} the other
 * way), {@code GET} tells whose it is, {@code DELETE} ends it in this browser. Without
 * authentication {@code GET} says that there is none.
 */
@Singleton
final class SessionRoutes {

  static final String PATH = "/api/session";

  private static final long MOST_BYTES = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Authenticator> authenticator;
  private final AuditTrail trail;
  private final ConsoleCookies cookies;

  SessionRoutes(Optional<Authenticator> authenticator, AuditTrail trail, ConsoleCookies cookies) {
    this.authenticator = authenticator;
    this.trail = trail;
    this.cookies = cookies;
  }

  void register(@Observes Router router) {
    router.get(PATH).order(-1).handler(this::tell);
    router.post(PATH).order(-1).handler(this::begin);
    router.delete(PATH).order(-1).handler(this::end);
  }

  private void tell(RoutingContext context) {
    ObjectNode json = JSON.createObjectNode();
    Origin origin = context.get(Origin.KEY);
    if (origin == null) {
      json.put("authentication", false);
    } else {
      json.put("authentication", true)
          .put("user", origin.caller().name())
          .put("arn", origin.caller().arn());
    }
    answer(context, json);
  }

  private void begin(RoutingContext context) {
    String requestId = UUID.randomUUID().toString();
    if (authenticator.isEmpty()) {
      Sender.refuse(
          context,
          requestId,
          404,
          "Not found",
          Refusals.of(
              "NotFound", "There is nothing to log in to: no authentication is configured"));
      return;
    }
    if (!SameOrigin.isSaidBy(context.request())) {
      refuse(context, requestId, 403, foreign());
      return;
    }
    RequestBody.read(
        context,
        MOST_BYTES,
        PATIENCE,
        body -> begin(context, requestId, authenticator.get(), body),
        _ -> {
          refuse(
              context,
              requestId,
              400,
              Refusals.serialization("The request can't be read as a key"));
          Sender.hangUp(context);
        });
  }

  private void begin(
      RoutingContext context, String requestId, Authenticator authenticator, Buffer body) {
    String key = key(body);
    Authentication who = key == null ? Authentication.missing() : authenticator.login(key);
    switch (who) {
      case Authentication.Known(Caller caller) -> {
        HttpServerRequest request = context.request();
        trail.record(
            new Origin(caller, false, address(request), request.getHeader("User-Agent")),
            login(requestId),
            AuditTrail.End.success(null));
        context.response().addCookie(cookies.session(authenticator.beginSession(caller), request));
        answer(
            context,
            JSON.createObjectNode()
                .put("authentication", true)
                .put("user", caller.name())
                .put("arn", caller.arn()));
      }
      case Authentication.Refused(String code, String message) ->
          refuse(context, requestId, 401, Refusals.of(code, message));
    }
  }

  private void refuse(
      RoutingContext context, String requestId, int status, Answer.Refusal refusal) {
    HttpServerRequest request = context.request();
    trail.recordStranger(
        address(request),
        request.getHeader("User-Agent"),
        login(requestId),
        AuditTrail.End.error(refusal.code(), refusal.message()));
    Sender.refuse(
        context, requestId, status, status == 401 ? "Not authenticated" : "Not logged in", refusal);
  }

  private void end(RoutingContext context) {
    if (!SameOrigin.isSaidBy(context.request())) {
      Sender.refuse(context, UUID.randomUUID().toString(), 403, "Not from here", foreign());
      return;
    }
    context.response().addCookie(cookies.session("", context.request()).setMaxAge(0));
    context.response().setStatusCode(204).end();
  }

  private static Answer.Refusal foreign() {
    return Refusals.of(
        "AccessDeniedException", "Sessions are begun and ended by pages of this node alone");
  }

  static AuditTrail.Call login(String requestId) {
    return new AuditTrail.Call("stepstream", "ConsoleLogin", false, null, requestId);
  }

  private static @Nullable String key(Buffer body) {
    try {
      JsonNode json = JSON.readTree(body.getBytes());
      return json.path("apiKey").textValue();
    } catch (IOException _) {
      return null;
    }
  }

  static @Nullable String address(HttpServerRequest request) {
    return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
  }

  /** What it says is of this moment and this caller, so nothing may keep it. */
  static void answer(RoutingContext context, ObjectNode json) {
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(json.toString());
  }
}
