package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Stops and redrives of many executions. */
@Path("/api/bulk-operations")
final class BulkOperationsResource {

  private final BulkApi api;

  BulkOperationsResource(BulkApi api) {
    this.api = api;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> list() {
    return api.list();
  }

  @POST
  @NonBlocking
  public CompletionStage<Response> create(@Context HttpHeaders headers, byte[] body) {
    return api.create(headers.getMediaType(), body);
  }
}
