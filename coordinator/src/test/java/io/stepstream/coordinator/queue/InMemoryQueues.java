package io.stepstream.coordinator.queue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Queues that exist once they are limited or put here. */
public final class InMemoryQueues implements TaskQueues {

  public static final Instant LIMITED_AT = Instant.parse("2026-09-03T00:00:00Z");

  private final Map<String, TaskQueue> queues = new ConcurrentSkipListMap<>();
  private volatile @Nullable RuntimeException outage;

  /** From now on everything fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  public void put(TaskQueue queue) {
    queues.put(queue.name(), queue);
  }

  private <T> CompletionStage<T> answer(T answer) {
    RuntimeException failure = outage;
    return failure == null
        ? CompletableFuture.completedFuture(answer)
        : CompletableFuture.failedFuture(failure);
  }

  @Override
  public CompletionStage<Page> list(@Nullable String after, int limit) {
    List<TaskQueue> behind =
        queues.values().stream()
            .filter(queue -> after == null || queue.name().compareTo(after) > 0)
            .toList();
    return answer(new Page(behind.stream().limit(limit).toList(), behind.size() > limit));
  }

  @Override
  public CompletionStage<Optional<TaskQueue>> find(String queue) {
    return answer(Optional.ofNullable(queues.get(queue)));
  }

  @Override
  public CompletionStage<QueueLimits> limit(String queue, QueueLimits limits) {
    if (outage == null) {
      put(
          new TaskQueue(
              queue,
              limits,
              limits.equals(QueueLimits.NONE) ? null : LIMITED_AT,
              null,
              null,
              List.of()));
    }
    return answer(limits);
  }
}
