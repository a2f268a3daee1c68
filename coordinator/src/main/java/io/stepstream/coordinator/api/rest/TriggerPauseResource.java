package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Stops a trigger; what it has started goes on. */
@Path("/api/triggers/{name}/pause")
final class TriggerPauseResource {

  private final TriggerApi api;

  TriggerPauseResource(TriggerApi api) {
    this.api = api;
  }

  @PUT
  @NonBlocking
  public CompletionStage<Response> pause(@PathParam("name") String name) {
    return api.pause(name, true);
  }
}
