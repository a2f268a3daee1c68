package io.stepstream.coordinator.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.rest.Problem;
import io.stepstream.coordinator.api.rest.Problems;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.coordinator.ops.WaitingCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a node that is told to stop go without cutting anybody off.
 *
 * <pre>
 *   SIGTERM ──> not ready ──delay──> new calls get 503 ──all answered, or time is up──> the rest
 *   gets 503 ──> everything else stops
 * </pre>
 *
 * <p>The delay is for load balancers and the endpoints of Kubernetes, which learn late that the
 * node goes. Who is refused has had nothing done, and is told when to ask again, which is another
 * node.
 */
@Singleton
final class Drain implements Readiness {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** Before all that may refuse a request. */
  private static final int PRIORITY = 1100;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** For the last answers to be written. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private final Duration delay;
  private final Duration patience;
  private final WaitingCalls waiting;
  private final Set<RoutingContext> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> none = new CompletableFuture<>();
  private volatile boolean leaving;
  private volatile boolean closed;

  Drain(ApiConfig config, WaitingCalls waiting) {
    this.delay = config.drainDelay();
    this.patience = config.drain();
    this.waiting = waiting;
  }

  @Override
  public String name() {
    return "calls";
  }

  @Override
  public boolean isReady() {
    return !leaving;
  }

  @Override
  public Map<String, String> details() {
    return Map.of("open", String.valueOf(open.size()));
  }

  void register(@Observes Filters filters) {
    filters.register(this::receive, PRIORITY);
  }

  private void receive(RoutingContext context) {
    String path = context.request().path();
    if (path != null && path.startsWith("/q/")) {
      context.next(); // who watches the node goes on watching
      return;
    }
    // Known before the look: what is let in is waited for, whenever the door closes.
    open.add(context);
    context.addEndHandler(_ -> ended(context));
    if (closed) {
      refuse(context);
    } else {
      context.next();
    }
  }

  private void ended(RoutingContext context) {
    open.remove(context);
    if (closed && open.isEmpty()) {
      none.complete(null);
    }
  }

  private static void refuse(RoutingContext context) {
    HttpServerResponse response = context.response().putHeader(HttpHeaders.CONNECTION, "close");
    String message = "This node stops; nothing was done";
    if (!"/".equals(context.request().path())) {
      Problems.answer(
          response,
          new Problem(
              503,
              "Not available now",
              message,
              null,
              "Try again after a while, at another node",
              RETRY_AFTER.toSeconds()));
      return;
    }
    HttpAnswer answer =
        HttpAnswer.of(UUID.randomUUID().toString(), Refusals.unavailable(message, RETRY_AFTER));
    response
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, HttpAnswer.CONTENT_TYPE)
        .putHeader("x-amzn-RequestId", answer.requestId())
        .putHeader("Retry-After", String.valueOf(RETRY_AFTER.toSeconds()))
        .end(Buffer.buffer(answer.body()));
  }

  /** While the server still listens; at Quarkus' ShutdownEvent it doesn't any more. */
  void stop(@Observes ShutdownDelayInitiatedEvent stopping) {
    leaving = true;
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
      closed = true;
      // Clients of a stream of events open another one, where they get what they have missed.
      open.stream().filter(Drain::isStream).forEach(c -> c.request().connection().close());
      waiting.endIdle();
      if (!isEmptyWithin(patience)) {
        LOG.warn(
            "{} calls are not answered after {} and are told to ask again", open.size(), patience);
        waiting.refuse();
        if (!isEmptyWithin(LAST_ANSWERS)) {
          LOG.warn("{} calls are cut off", open.size());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isStream(RoutingContext context) {
    String type = context.response().headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  private boolean isEmptyWithin(Duration time) throws InterruptedException {
    if (open.isEmpty()) {
      return true;
    }
    try {
      none.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
