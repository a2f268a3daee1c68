package io.stepstream.coordinator.queue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The task queues of the cluster. Stages fail with {@code Unavailable} when Kafka doesn't answer.
 */
public interface TaskQueues {

  /**
   * Those that have a topic, limits, or a worker that has ever announced itself; by name.
   *
   * @param after the name behind which the list goes on; null: it begins
   */
  CompletionStage<Page> list(@Nullable String after, int limit);

  /**
   * Some queues.
   *
   * @param more whether there are others behind the last one
   */
  record Page(List<TaskQueue> queues, boolean more) {}

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
