package io.stepstream.coordinator.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task queue.
 *
 * @param limitedAt when the limits were set; null: there are none
 * @param backlog about how many orders wait or run; null: no share group has worked on the queue,
 *     or the broker doesn't tell
 * @param workers the names of the workers that are there; null: the broker doesn't tell
 * @param pools who has announced what for the queue, whether still there or not
 */
public record TaskQueue(
    String name,
    QueueLimits limits,
    @Nullable Instant limitedAt,
    @Nullable Long backlog,
    @Nullable List<String> workers,
    List<Pool> pools) {

  /** A kind of workers. */
  public record Pool(String name, List<String> handlers, String version, Instant lastSeen) {}
}
