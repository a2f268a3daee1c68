package io.stepstream.coordinator.api;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.rest.Problem;
import io.stepstream.coordinator.api.rest.Problems;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers get who don't even reach the router: JSON as from an action, never a page. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  @ServerExceptionMapper
  Response rejected(WebApplicationException e, UriInfo uri) {
    int status = e.getResponse().getStatus();
    if (uri.getPath().startsWith("/api/")) {
      return Problems.response(Problem.rejected(status));
    }
    return response(
        UUID.randomUUID().toString(),
        switch (status) {
          case 404, 405 ->
              Refusals.http(status, "The API of AWS Step Functions is served by POST / alone");
          default -> Refusals.http(status, "The request is not valid: " + e.getMessage());
        });
  }

  /** The body ended too early or was cut off at the limit: the client's fault, and no news. */
  @ServerExceptionMapper
  Response unreadable(IOException e) {
    String requestId = UUID.randomUUID().toString();
    LOG.debug("Request {} could not be read", requestId, e);
    return response(
        requestId, Refusals.serialization("The request could not be read: " + e.getMessage()));
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
