package io.stepstream.coordinator.api;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers get who don't even reach the router: JSON as from an action, never a page. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  @ServerExceptionMapper
  Response rejected(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    return response(
        UUID.randomUUID().toString(),
        switch (status) {
          case 404, 405 ->
              Refusals.http(status, "The API of AWS Step Functions is served by POST / alone");
          default -> Refusals.http(status, "The request is not valid: " + e.getMessage());
        });
  }

  @ServerExceptionMapper
  Response failed(Throwable e) {
    String requestId = UUID.randomUUID().toString();
    LOG.error("Request {} failed", requestId, e);
    return response(requestId, Refusals.internalFailure(requestId));
  }

  private static Response response(String requestId, Answer answer) {
    return HttpResponses.of(HttpAnswer.of(requestId, answer));
  }
}
