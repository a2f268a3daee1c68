package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.cluster.Cluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The nodes and their partitions, as whichever node is asked gathers it from all. */
@Path("/api/nodes")
final class NodesResource {

  /** What a node tells of itself. */
  static final String LOCAL = "/api/nodes?local=true";

  private static final Set<String> PARAMETERS = Set.of("local");

  private final Cluster cluster;
  private final Neighbours neighbours;
  private final String version;

  NodesResource(
      Cluster cluster,
      Neighbours neighbours,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.cluster = cluster;
    this.neighbours = neighbours;
    this.version = version;
  }

  /** Lags, or why there are none. */
  private record Lags(@Nullable List<InputLag> known, @Nullable String unknown) {}

  @GET
  @NonBlocking
  public CompletionStage<Response> list(@Context UriInfo uri, @Context RoutingContext routing) {
    boolean local;
    try {
      local = Parameters.of(uri.getQueryParameters(), PARAMETERS).flag("local", false);
    } catch (Parameters.Unusable e) {
      return CompletableFuture.completedFuture(Problems.response(e.problem()));
    }
    CompletionStage<NodesAnswer.Node> self =
        cluster.self().thenApply(state -> NodesAnswer.Node.of(state, version));
    CompletionStage<NodesAnswer> answer =
        local
            ? self.thenApply(node -> new NodesAnswer(List.of(node), List.of(), List.of(), null))
            : self.thenCombine(
                    neighbours.ask(cluster.others(), caller(routing)), NodesResource::all)
                .thenCombine(lags(), NodesResource::with);
    return answer
        .thenApply(
            entity ->
                Response.ok(entity, MediaType.APPLICATION_JSON)
                    .header("Cache-Control", "no-store")
                    .build())
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static @Nullable Caller caller(RoutingContext routing) {
    Origin origin = routing.get(Origin.KEY);
    return origin == null ? null : origin.caller();
  }

  private CompletionStage<Lags> lags() {
    return cluster
        .inputLags()
        .handle(
            (lags, failure) ->
                failure == null
                    ? new Lags(lags, null)
                    : new Lags(null, Problem.of(failure).detail()));
  }

  private record All(List<NodesAnswer.Node> nodes, List<NodesAnswer.Unreachable> unreachable) {}

  private static All all(NodesAnswer.Node self, List<Neighbours.Told> others) {
    List<NodesAnswer.Node> nodes = new ArrayList<>(List.of(self));
    List<NodesAnswer.Unreachable> unreachable = new ArrayList<>();
    for (Neighbours.Told told : others) {
      switch (told) {
        case Neighbours.Told.Of(NodesAnswer.Node node) -> nodes.add(node);
        case Neighbours.Told.Nothing(NodesAnswer.Unreachable address) -> unreachable.add(address);
      }
    }
    return new All(nodes, unreachable);
  }

  private static NodesAnswer with(All all, Lags lags) {
    return NodesAnswer.of(all.nodes(), all.unreachable(), lags.known(), lags.unknown());
  }
}
