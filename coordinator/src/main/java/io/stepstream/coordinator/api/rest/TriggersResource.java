package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** All triggers. */
@Path("/api/triggers")
final class TriggersResource {

  private final TriggerApi api;

  TriggersResource(TriggerApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> list() {
    return api.list();
  }

  /**
   * Takes JSON by its name only: a page of another site can make a browser send other types without
   * asking first.
   */
  @POST
  @NonBlocking
  public CompletionStage<Response> create(@Context HttpHeaders headers, byte[] body) {
    return MediaType.APPLICATION_JSON_TYPE.isCompatible(headers.getMediaType())
        ? api.create(body)
        : CompletableFuture.completedFuture(Problems.response(Problem.notJson()));
  }
}
