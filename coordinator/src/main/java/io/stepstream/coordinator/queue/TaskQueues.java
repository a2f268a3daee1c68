package io.stepstream.coordinator.queue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The task queues of the cluster. Stages fail with {@code Unavailable} when Kafka doesn't answer.
 */
public interface TaskQueues {

  /** All that have a topic, limits, or a worker that has ever announced itself; by name. */
  CompletionStage<List<TaskQueue>> list();

  /** Empty: nobody has heard of it. */
  CompletionStage<Optional<TaskQueue>> find(String queue);

  /**
   * Replaces the limits, whether the queue is known or not. When the stage completes they are in
   * Kafka, and workers follow within a second.
   *
   * @throws IllegalArgumentException if the queue can't have this name
   */
  CompletionStage<QueueLimits> limit(String queue, QueueLimits limits);
}
