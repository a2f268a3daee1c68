package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs of a whole definition in memory; nothing of them is kept. */
@Path("/api/simulations")
final class SimulationResource {

  private final Simulations simulations;

  SimulationResource(Simulations simulations) {
    this.simulations = simulations;
  }

  /**
   * Takes JSON by its name only: a page of another site can make a browser send other types without
   * asking first.
   */
  @POST
  @NonBlocking
  public CompletionStage<Response> run(@Context HttpHeaders headers, byte[] body) {
    return MediaType.APPLICATION_JSON_TYPE.isCompatible(headers.getMediaType())
        ? simulations
            .run(body)
            .thenApply(QueueAnswer::response)
            .exceptionally(failure -> Problems.response(Problem.of(failure)))
        : CompletableFuture.completedFuture(Problems.response(Problem.notJson()));
  }
}
