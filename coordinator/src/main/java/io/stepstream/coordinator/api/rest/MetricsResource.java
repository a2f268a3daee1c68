package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.execution.ExecutionMetrics;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.coordinator.execution.TimeRange;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How many executions began and ended when, and how long they took. */
@Path("/api/metrics/executions")
final class MetricsResource {

  private static final int USUAL_BUCKETS = 60;
  private static final int MOST_BUCKETS = 500;
  private static final Duration USUAL_RANGE = Duration.ofHours(1);
  private static final Duration SHORTEST_BUCKET = Duration.ofSeconds(1);
  private static final Set<String> PARAMETERS = Set.of("machine", "from", "to", "buckets");

  private final ExecutionMetrics metrics;
  private final InstantSource clock = Clock.systemUTC();

  MetricsResource(ExecutionMetrics metrics) {
    this.metrics = metrics;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> measure(@Context UriInfo uri) {
    MetricsQuery query;
    try {
      query = query(Parameters.of(uri.getQueryParameters(), PARAMETERS));
    } catch (Parameters.Unusable e) {
      return CompletableFuture.completedFuture(Problems.response(e.problem()));
    }
    return metrics
        .measure(query)
        .thenApply(
            measured ->
                Response.ok(MetricsAnswer.of(query, measured), MediaType.APPLICATION_JSON)
                    .header("Cache-Control", "no-store")
                    .build())
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private MetricsQuery query(Parameters parameters) throws Parameters.Unusable {
    TimeRange given = parameters.times("from", "to");
    Instant before = given.before() == null ? clock.instant() : given.before();
    Instant from = given.from() == null ? before.minus(USUAL_RANGE) : given.from();
    int buckets = parameters.number("buckets", 1, MOST_BUCKETS, USUAL_BUCKETS);
    if (Duration.between(from, before).compareTo(SHORTEST_BUCKET.multipliedBy(buckets)) < 0) {
      throw new Parameters.Unusable(
          Problem.invalid(
              "from",
              null,
              "From %s to %s there is less than a second for each of %d buckets"
                  .formatted(from, before, buckets),
              "Give an earlier from, a later to, or fewer buckets"));
    }
    return new MetricsQuery(parameters.text("machine"), from, before, buckets);
  }
}
