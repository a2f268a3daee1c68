package io.stepstream.coordinator.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.ProviderLogin;
import io.stepstream.coordinator.access.ProviderLogin.Outcome;
import io.stepstream.coordinator.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How somebody logs in, and the login at an OpenID provider: the browser is sent there, comes back
 * with a code, and is given a session. Whatever happens it ends on a page of the console, which
 * says what has: addresses are ours alone, so nobody is led elsewhere.
 */
@Singleton
final class LoginRoutes {

  static final String PATH = "/api/login";

  private static final String PROVIDER = PATH + "/provider";
  private static final String RETURN = PROVIDER + "/return";

  /** All that are answered without credentials. */
  static final Set<String> PATHS = Set.of(PATH, PROVIDER, RETURN);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Authenticator> authenticator;
  private final AuditTrail trail;
  private final ConsoleCookies cookies;

  LoginRoutes(Optional<Authenticator> authenticator, AuditTrail trail, ConsoleCookies cookies) {
    this.authenticator = authenticator;
    this.trail = trail;
    this.cookies = cookies;
  }

  void register(@Observes Router router) {
    router.get(PATH).order(-1).handler(this::tell);
    router.get(PROVIDER).order(-1).handler(this::begin);
    router.get(RETURN).order(-1).handler(this::end);
  }

  private Optional<ProviderLogin> provider() {
    return authenticator.flatMap(Authenticator::providerLogin);
  }

  private void tell(RoutingContext context) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("apiKeys", authenticator.map(Authenticator::takesApiKeys).orElse(false));
    provider().ifPresent(login -> json.put("provider", login.name()));
    SessionRoutes.answer(context, json);
  }

  private void begin(RoutingContext context) {
    HttpServerRequest request = context.request();
    provider()
        .flatMap(login -> login.begin(redirect(request)))
        .ifPresentOrElse(
            begun -> {
              context.response().addCookie(cookies.attempt(begun.cookie(), request));
              lead(context, begun.address().toString());
            },
            () -> leadBack(context, ProviderLogin.Reason.UNAVAILABLE.name()));
  }

  private void end(RoutingContext context) {
    provider()
        .ifPresentOrElse(
            login -> end(context, login),
            () -> leadBack(context, ProviderLogin.Reason.UNAVAILABLE.name()));
  }

  private void end(RoutingContext context, ProviderLogin login) {
    HttpServerRequest request = context.request();
    var returned =
        new ProviderLogin.Returned(
            request.getParam("state"), request.getParam("code"), request.getParam("error"));
    String attempt = ConsoleCookies.value(request, ConsoleCookies.ATTEMPT);
    Future.fromCompletionStage(
            login.finish(attempt, returned, redirect(request)),
            context.vertx().getOrCreateContext())
        .onSuccess(outcome -> end(context, outcome))
        .onFailure(context::fail);
  }

  private void end(RoutingContext context, Outcome outcome) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    // A code is good once, and so is the attempt.
    response.addCookie(cookies.attempt("", request).setMaxAge(0));
    switch (outcome) {
      case Outcome.LoggedIn(Caller caller) -> {
        String session = authenticator.orElseThrow().beginProviderSession(caller);
        if (session == null) {
          refuse(
              context,
              "TOO_MANY_GROUPS",
              "%s has too many groups for a session: %d"
                  .formatted(caller.name(), caller.groups().size()));
          return;
        }
        trail.record(
            new Origin(
                caller, false, SessionRoutes.address(request), request.getHeader("User-Agent")),
            call(),
            AuditTrail.End.success(null));
        response.addCookie(cookies.session(session, request));
        leadBack(context, "DONE");
      }
      case Outcome.Failed(ProviderLogin.Reason reason, String detail) ->
          refuse(context, reason.name(), detail);
    }
  }

  private void refuse(RoutingContext context, String reason, String detail) {
    HttpServerRequest request = context.request();
    trail.recordStranger(
        SessionRoutes.address(request),
        request.getHeader("User-Agent"),
        call(),
        AuditTrail.End.error("LoginFailed", detail));
    leadBack(context, reason);
  }

  private static AuditTrail.Call call() {
    return SessionRoutes.login(UUID.randomUUID().toString());
  }

  /** The name in it is one of ours, as of everything under {@code /api} that a browser asks for. */
  private URI redirect(HttpServerRequest request) {
    return URI.create(
        (cookies.isSecure(request) ? "https://" : "http://") + request.authority() + RETURN);
  }

  private static void leadBack(RoutingContext context, String outcome) {
    lead(context, "/console/?login=" + outcome.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static void lead(RoutingContext context, String address) {
    context
        .response()
        .setStatusCode(302)
        .putHeader("Location", address)
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .end();
  }
}
