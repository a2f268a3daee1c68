package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.queue.TaskQueues;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** All task queues. */
@Path("/api/queues")
final class QueuesResource {

  private final TaskQueues queues;

  QueuesResource(TaskQueues queues) {
    this.queues = queues;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> list() {
    return queues
        .list()
        .thenApply(
            found ->
                QueueAnswer.response(
                    new QueueAnswer.All(found.stream().map(QueueAnswer::of).toList())))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }
}
