package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.concurrent.CompletionStage;

/** The dead letters, newest first. */
@Path("/api/dead-letters")
final class DeadLettersResource {

  private final DeadLetterApi api;

  DeadLettersResource(DeadLetterApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> list(@Context UriInfo uri) {
    return api.list(uri.getQueryParameters());
  }
}
