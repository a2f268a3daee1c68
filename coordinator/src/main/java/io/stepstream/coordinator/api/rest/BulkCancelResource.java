package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Ends a bulk operation; what it has done stays done. */
@Path("/api/bulk-operations/{id}/cancel")
final class BulkCancelResource {

  private final BulkApi api;

  BulkCancelResource(BulkApi api) {
    this.api = api;
  }

  @PUT
  @NonBlocking
  public CompletionStage<Response> cancel(@PathParam("id") String id) {
    return api.cancel(id);
  }
}
