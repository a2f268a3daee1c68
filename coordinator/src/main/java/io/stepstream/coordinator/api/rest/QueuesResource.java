package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.queue.TaskQueues;
import io.stepstream.schemas.topic.Topics;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The task queues. A page's token is the name of its last queue. */
@Path("/api/queues")
final class QueuesResource {

  private static final int USUAL_LIMIT = 50;
  private static final int LARGEST_LIMIT = 200;
  private static final Set<String> PARAMETERS = Set.of("limit", "pageToken");

  private final TaskQueues queues;

  QueuesResource(TaskQueues queues) {
    this.queues = queues;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> list(@Context UriInfo uri) {
    String after;
    int limit;
    try {
      Parameters parameters = Parameters.of(uri.getQueryParameters(), PARAMETERS);
      limit = parameters.number("limit", 1, LARGEST_LIMIT, USUAL_LIMIT);
      after = parameters.text("pageToken");
      if (after != null && !Topics.isQueueName(after)) {
        throw new Parameters.Unusable(
            Problem.invalid(
                "pageToken",
                null,
                "pageToken is none that was given out",
                "Send nextPageToken as it came, or begin without it"));
      }
    } catch (Parameters.Unusable e) {
      return CompletableFuture.completedFuture(Problems.response(e.problem()));
    }
    return queues
        .list(after, limit)
        .thenApply(page -> QueueAnswer.response(QueueAnswer.Page.of(page)))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }
}
