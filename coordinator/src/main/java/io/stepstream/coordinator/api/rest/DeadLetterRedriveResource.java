package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Publishes records of dead letters where they were. */
@Path("/api/dead-letters/redrive")
final class DeadLetterRedriveResource {

  private final DeadLetterApi api;

  DeadLetterRedriveResource(DeadLetterApi api) {
    this.api = api;
  }

  @POST
  @NonBlocking
  public CompletionStage<Response> redrive(@Context HttpHeaders headers, byte[] body) {
    return api.redrive(headers.getMediaType(), body);
  }
}
