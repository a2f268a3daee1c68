package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** A trigger. What changes it is no simple request, so a browser asks before it sends one. */
@Path("/api/triggers/{name}")
final class TriggerResource {

  private final TriggerApi api;

  TriggerResource(TriggerApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> describe(@PathParam("name") String name) {
    return api.describe(name);
  }

  @PATCH
  @NonBlocking
  public CompletionStage<Response> update(@PathParam("name") String name, byte[] patch) {
    return api.update(name, patch);
  }

  @DELETE
  @NonBlocking
  public CompletionStage<Response> delete(@PathParam("name") String name) {
    return api.delete(name);
  }
}
