package io.stepstream.coordinator.api;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.access.Origin;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint of all actions, under whatever host name it is called: clients put {@code sync-}
 * before the host for StartSyncExecution.
 */
@Path("/")
final class StepFunctionsResource {

  private final ActionRouter router;
  private final ApiMeters meters;

  StepFunctionsResource(ActionRouter router, ApiMeters meters) {
    this.router = router;
    this.meters = meters;
  }

  @POST
  @NonBlocking
  @Consumes(MediaType.WILDCARD)
  public CompletionStage<Response> call(
      @HeaderParam("X-Amz-Target") @Nullable String target,
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("X-Amzn-Trace-Id") @Nullable String traceHeader,
      @HeaderParam(Forwarder.HEADER) @Nullable String forwarded,
      @Context RoutingContext connection,
      byte[] body) {
    long begin = System.nanoTime();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    connection.addEndHandler(_ -> gone.complete(null));
    // The gate has let in whom it knows; where there is none, whoever reaches the port is trusted.
    Origin known = connection.get(Origin.KEY);
    Origin origin = known == null ? Origin.anyone(forwarded != null) : known;
    return router
        .route(new HttpCall(target, authorization, traceHeader, origin, gone, body))
        .thenApply(
            answer -> {
              if (!origin.handedOn()) {
                meters.answered(target, answer, System.nanoTime() - begin);
              }
              return HttpResponses.of(answer);
            });
  }
}
