package io.stepstream.coordinator.api.rest;

import jakarta.ws.rs.core.Response;

/** Problems as responses of JAX-RS. */
final class Responses {

  private Responses() {}

  static Response of(Problem problem) {
    Response.ResponseBuilder response =
        Response.status(problem.status()).type(Problem.CONTENT_TYPE).entity(problem);
    if (problem.retryAfter() != null) {
      response.header("Retry-After", problem.retryAfter());
    }
    return response.build();
  }
}
