package io.stepstream.coordinator.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Turns requests away that announce too large a body, before any of it is read. One that doesn't
 * announce its size is cut off by {@code quarkus.http.limits.max-body-size}.
 */
@Singleton
final class RequestSizes {

  /** Before anything that reads the body. */
  private static final int PRIORITY = 1000;

  private final ApiConfig config;

  RequestSizes(ApiConfig config) {
    this.config = config;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || !exceeds(length, config.maximumRequestBytes())) {
      context.next();
      return;
    }
    HttpAnswer answer =
        HttpAnswer.of(
            UUID.randomUUID().toString(), Refusals.tooLarge(config.maximumRequestBytes()));
    context
        .response()
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, HttpAnswer.CONTENT_TYPE)
        .putHeader("x-amzn-RequestId", answer.requestId())
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(Buffer.buffer(answer.body()))
        // The body is still under way; no next request could be told from it.
        .onComplete(_ -> context.request().connection().close());
  }

  private static boolean exceeds(String length, long maximum) {
    try {
      return Long.parseLong(length) > maximum;
    } catch (NumberFormatException _) {
      // Not a length at all: the HTTP server has refused it already.
      return false;
    }
  }
}
