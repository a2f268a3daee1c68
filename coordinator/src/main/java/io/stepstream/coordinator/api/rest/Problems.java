package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.Response;

/** Problems on their way out. */
public final class Problems {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Problems() {}

  static String json(Problem problem) {
    try {
      return JSON.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }

  public static Response response(Problem problem) {
    Response.ResponseBuilder response =
        Response.status(problem.status()).type(Problem.CONTENT_TYPE).entity(problem);
    if (problem.retryAfter() != null) {
      response.header("Retry-After", problem.retryAfter());
    }
    return response.build();
  }

  /** For who answers beside JAX-RS. */
  public static void answer(HttpServerResponse response, Problem problem) {
    response.setStatusCode(problem.status()).putHeader("Content-Type", Problem.CONTENT_TYPE);
    if (problem.retryAfter() != null) {
      response.putHeader("Retry-After", problem.retryAfter().toString());
    }
    response.end(json(problem));
  }
}
