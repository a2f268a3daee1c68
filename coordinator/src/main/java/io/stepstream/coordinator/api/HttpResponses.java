package io.stepstream.coordinator.api;

import jakarta.ws.rs.core.Response;

/** Answers as responses of JAX-RS. */
final class HttpResponses {

  private HttpResponses() {}

  static Response of(HttpAnswer answer) {
    Response.ResponseBuilder response =
        Response.status(answer.status())
            .header("Content-Type", HttpAnswer.CONTENT_TYPE)
            .header("x-amzn-RequestId", answer.requestId())
            .entity(answer.body());
    answer.retryAfterSeconds().ifPresent(seconds -> response.header("Retry-After", seconds));
    return response.build();
  }
}
