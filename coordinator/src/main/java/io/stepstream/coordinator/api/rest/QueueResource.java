package io.stepstream.coordinator.api.rest;

import io.smallrye.common.annotation.NonBlocking;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import io.stepstream.coordinator.queue.TaskQueues;
import io.stepstream.schemas.topic.Topics;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One task queue, and its limits. */
@Path("/api/queues/{queue}")
final class QueueResource {

  private final TaskQueues queues;

  QueueResource(TaskQueues queues) {
    this.queues = queues;
  }

  @GET
  @NonBlocking
  public CompletionStage<Response> get(@PathParam("queue") String queue) {
    return queues
        .find(queue)
        .thenApply(found -> answer(queue, found))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }

  private static Response answer(String queue, Optional<TaskQueue> found) {
    return found
        .map(known -> QueueAnswer.response(QueueAnswer.of(known)))
        .orElseGet(
            () ->
                Problems.response(
                    Problem.notFound(
                        "There is no task queue '%s'".formatted(queue),
                        "GET /api/queues tells which there are")));
  }

  /** Takes as long as the broker's acknowledgement. */
  @PUT
  @NonBlocking
  public CompletionStage<Response> put(@PathParam("queue") String queue, String body) {
    QueueLimits wanted;
    try {
      if (!Topics.isQueueName(queue)) {
        throw new Parameters.Unusable(
            Problem.invalid(
                "queue",
                null,
                "'%s' can't be the name of a queue".formatted(queue),
                "Take 1 to 200 letters, digits, '.', '_' and '-'"));
      }
      wanted = QueueLimitsText.parse(body);
    } catch (Parameters.Unusable e) {
      return CompletableFuture.completedFuture(Problems.response(e.problem()));
    }
    return queues
        .limit(queue, wanted)
        .thenApply(limits -> QueueAnswer.response(QueueAnswer.Limits.of(limits, null)))
        .exceptionally(failure -> Problems.response(Problem.of(failure)));
  }
}
