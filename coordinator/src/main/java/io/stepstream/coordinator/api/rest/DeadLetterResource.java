package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** One dead letter, with more of its record than a list shows. */
@Path("/api/dead-letters/{id}")
final class DeadLetterResource {

  private final DeadLetterApi api;

  DeadLetterResource(DeadLetterApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> get(@PathParam("id") String id) {
    return api.describe(id);
  }
}
