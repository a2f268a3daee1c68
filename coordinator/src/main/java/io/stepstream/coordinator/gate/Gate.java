package io.stepstream.coordinator.gate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.stepstream.coordinator.access.Authentication;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.access.NodeCalls;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.access.RequestRates;
import io.stepstream.coordinator.access.SecurityConfig;
import io.stepstream.coordinator.access.SignedRequest;
import io.stepstream.coordinator.api.ApiConfig;
import io.stepstream.coordinator.api.AwsConfig;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.rest.QueryParameters;
import io.stepstream.coordinator.api.rest.RestOperations;
import io.stepstream.coordinator.api.rest.RestOperations.Operation;
import io.stepstream.coordinator.audit.AuditTrail;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets in whom the authenticator knows, for what they may do; says of everybody else why not.
 * Actions of AWS go on to the router, which knows their parameters and asks the same {@link
 * Permissions}.
 */
@Singleton
final class Gate {

  /** Behind the checks of sizes and of names, before every route. */
  private static final int PRIORITY = 900;

  private static final String ACTIONS = "AWSStepFunctions.";

  private final Optional<Authenticator> authenticator;
  private final Permissions permissions;
  private final AuditTrail trail;
  private final SecurityConfig config;
  private final long mostBytes;
  private final RestOperations operations;
  private final RequestRates rates;
  private final Counter throttled;

  Gate(
      Optional<Authenticator> authenticator,
      Permissions permissions,
      AuditTrail trail,
      SecurityConfig config,
      ApiConfig api,
      AwsConfig aws,
      MeterRegistry meters) {
    this.authenticator = authenticator;
    this.permissions = permissions;
    this.trail = trail;
    this.config = config;
    this.mostBytes = api.maximumRequestBytes();
    this.operations = new RestOperations(aws.region(), aws.account());
    this.rates =
        new RequestRates(config.requestsPerSecond(), config.requestBurst(), System::nanoTime);
    this.throttled =
        Counter.builder("stepstream.gate.throttled")
            .description("Calls refused since their user makes too many")
            .register(meters);
  }

  void register(@Observes Filters filters) {
    if (authenticator.isPresent()) {
      filters.register(this::receive, PRIORITY);
    }
  }

  private void receive(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = request.path();
    String query = request.query();
    if (path == null
        || !isPlain(path, context.normalizedPath())
        // Some take it for a separator: what is one parameter here must not be two there.
        || (query != null && query.indexOf(';') >= 0)) {
      refuse(
          context,
          stranger(request),
          400,
          "Invalid path",
          Refusals.http(400, "The path or the query can be read in several ways"));
      return;
    }
    if (OpenRoutes.contains(request.method().name(), path)) {
      context.next();
      return;
    }
    RequestBody.read(
        context,
        mostBytes,
        config.bodyPatience(),
        body -> authenticate(context, body),
        failure -> {
          Answer.Refusal refusal =
              switch (failure) {
                case TOO_LARGE -> Refusals.tooLarge(mostBytes);
                case TOO_SLOW -> Refusals.http(408, "The request took too long");
                case BROKEN_OFF -> Refusals.http(400, "The request ended too early");
              };
          refuse(context, stranger(request), refusal.status(), "Not a complete request", refusal);
          Sender.hangUp(context);
        });
  }

  /**
   * Routes are found by paths that have been tidied up, by several rules: one that would be changed
   * by any of them could mean one thing here and another one there.
   */
  private static boolean isPlain(String path, String normalized) {
    String lower = path.toLowerCase(Locale.ROOT);
    return path.equals(normalized)
        && path.indexOf(';') < 0
        && path.indexOf('\\') < 0
        && !lower.contains("%3b")
        && !lower.contains("%5c")
        && !lower.contains("%00")
        && !lower.contains("%25")
        && !path.contains("//");
  }

  private void authenticate(RoutingContext context, Buffer body) {
    HttpServerRequest request = context.request();
    byte[] bytes = body.getBytes();
    Authentication who =
        authenticator
            .orElseThrow()
            .authenticate(
                signed(request, bytes), ConsoleCookies.value(request, ConsoleCookies.SESSION));
    switch (who) {
      case Authentication.Refused(String code, String message) ->
          refuse(context, stranger(request), 401, "Not authenticated", Refusals.of(code, message));
      case Authentication.Known(Caller caller) -> {
        boolean handedOn = request.getHeader(NodeCalls.HEADER) != null;
        Origin origin =
            new Origin(
                caller, handedOn, SessionRoutes.address(request), request.getHeader("User-Agent"));
        admit(context, origin, body, bytes);
      }
    }
  }

  private void admit(RoutingContext context, Origin origin, Buffer body, byte[] bytes) {
    HttpServerRequest request = context.request();
    Caller caller = origin.caller();
    if (caller.kind() == Caller.Kind.SESSION && changes(request) && !SameOrigin.isSaidBy(request)) {
      refuse(
          context,
          known(origin),
          403,
          "Not from here",
          Refusals.of(
              "AccessDeniedException",
              "A session is for pages of this node: Origin is another one"));
      return;
    }
    if (!origin.handedOn() && !rates.admits(caller)) {
      throttled.increment();
      refuse(context, known(origin), 429, "Too many requests", Refusals.throttled());
      return;
    }
    ((RoutingContextInternal) context).setBody(body);
    context.put(Origin.KEY, origin);
    if (request.path().equals("/")) {
      context.next();
      return;
    }
    operations
        .find(request.method().name(), request.path(), QueryParameters.of(context), bytes)
        .ifPresentOrElse(
            operation -> permit(context, origin, operation),
            () ->
                refuse(
                    context,
                    known(origin),
                    404,
                    "Not served",
                    Refusals.http(404, "There is no such resource, or not with this method")));
  }

  private void permit(RoutingContext context, Origin origin, Operation operation) {
    String requestId = UUID.randomUUID().toString();
    AuditTrail.Call call =
        new AuditTrail.Call(
            "stepstream",
            operation.name(),
            operation.readOnly(),
            operation.parameters(),
            requestId);
    for (Demand demand : operation.demands()) {
      String denied = permissions.refusal(origin.caller(), demand);
      if (denied != null) {
        Answer.Refusal refusal = Refusals.accessDenied(denied);
        trail.record(origin, call, AuditTrail.End.error(refusal.code(), refusal.message()));
        Sender.refuse(context, requestId, 403, "Not allowed", refusal);
        return;
      }
    }
    if (!operation.readOnly()) {
      context.addEndHandler(_ -> trail.record(origin, call, end(context)));
    }
    context.next();
  }

  private static AuditTrail.End end(RoutingContext context) {
    int status = context.response().getStatusCode();
    return status < 400
        ? AuditTrail.End.success(null)
        : AuditTrail.End.error("HTTP " + status, context.response().getStatusMessage());
  }

  // ------------------------------------------------------------------ refusals

  /** Tells the audit log of a refusal. */
  @FunctionalInterface
  private interface Teller {
    void tell(AuditTrail.Call call, AuditTrail.End end);
  }

  private Teller stranger(HttpServerRequest request) {
    return (call, end) ->
        trail.recordStranger(
            SessionRoutes.address(request), request.getHeader("User-Agent"), call, end);
  }

  private Teller known(Origin origin) {
    return (call, end) -> trail.record(origin, call, end);
  }

  private void refuse(
      RoutingContext context, Teller teller, int status, String title, Answer.Refusal refusal) {
    String requestId = UUID.randomUUID().toString();
    teller.tell(call(context, requestId), AuditTrail.End.error(refusal.code(), refusal.message()));
    Sender.refuse(context, requestId, status, title, refusal);
  }

  private AuditTrail.Call call(RoutingContext context, String requestId) {
    HttpServerRequest request = context.request();
    String target = request.getHeader("X-Amz-Target");
    if ("/".equals(request.path()) && target != null && target.startsWith(ACTIONS)) {
      return AuditTrail.Call.ofAction(target.substring(ACTIONS.length()), null, requestId);
    }
    String path = String.valueOf(request.path());
    return operations
        .find(request.method().name(), path, Map.of(), new byte[0])
        .map(
            found ->
                new AuditTrail.Call("stepstream", found.name(), found.readOnly(), null, requestId))
        .orElseGet(
            () -> new AuditTrail.Call("stepstream", "Unknown", !changes(request), null, requestId));
  }

  // ------------------------------------------------------------------ the request

  private static boolean changes(HttpServerRequest request) {
    return switch (request.method().name()) {
      case "GET", "HEAD" -> false;
      default -> true;
    };
  }

  private static SignedRequest signed(HttpServerRequest request, byte[] body) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    request
        .headers()
        .forEach(
            header ->
                headers.add(
                    Map.entry(header.getKey().toLowerCase(Locale.ROOT), header.getValue())));
    if (request.getHeader("Host") == null && request.authority() != null) {
      headers.add(Map.entry("host", request.authority().toString()));
    }
    return new SignedRequest(
        request.method().name(), request.path(), request.query(), headers, body);
  }
}
