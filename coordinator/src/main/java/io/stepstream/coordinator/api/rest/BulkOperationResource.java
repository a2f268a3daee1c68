package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** One bulk operation, with what failed. */
@Path("/api/bulk-operations/{id}")
final class BulkOperationResource {

  private final BulkApi api;

  BulkOperationResource(BulkApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> get(@PathParam("id") String id) {
    return api.describe(id);
  }
}
