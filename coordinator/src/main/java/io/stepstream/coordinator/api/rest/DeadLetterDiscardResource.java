package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Takes dead letters out of the list of open ones. */
@Path("/api/dead-letters/discard")
final class DeadLetterDiscardResource {

  private final DeadLetterApi api;

  DeadLetterDiscardResource(DeadLetterApi api) {
    this.api = api;
  }

  @POST
  @NonBlocking
  public CompletionStage<Response> discard(@Context HttpHeaders headers, byte[] body) {
    return api.discard(headers.getMediaType(), body);
  }
}
