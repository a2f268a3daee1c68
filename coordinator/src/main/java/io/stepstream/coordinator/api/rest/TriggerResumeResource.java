package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Lets a paused trigger go on where it has stopped. */
@Path("/api/triggers/{name}/resume")
final class TriggerResumeResource {

  private final TriggerApi api;

  TriggerResumeResource(TriggerApi api) {
    this.api = api;
  }

  @PUT
  @NonBlocking
  public CompletionStage<Response> resume(@PathParam("name") String name) {
    return api.pause(name, false);
  }
}
