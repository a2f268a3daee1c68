package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import io.stepstream.coordinator.queue.TaskQueues;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task queue. Times are in ISO 8601, UTC.
 *
 * @param backlog about how many orders wait or run; null: unknown
 * @param workers who is there; null: unknown
 * @param pools who has announced what, whether still there or not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueAnswer(
    String queue,
    Limits limits,
    @Nullable Long backlog,
    @Nullable List<String> workers,
    List<Pool> pools) {

  /**
   * Queues by name.
   *
   * @param nextPageToken null: these are the last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<QueueAnswer> queues, @Nullable String nextPageToken) {

    static Page of(TaskQueues.Page page) {
      return new Page(
          page.queues().stream().map(QueueAnswer::of).toList(),
          page.more() ? page.queues().getLast().name() : null);
    }
  }

  /**
   * The limits of the queue as a whole.
   *
   * @param maxConcurrency null: no limit
   * @param ratePerSecond null: no limit
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Limits(
      @Nullable Integer maxConcurrency,
      @Nullable Double ratePerSecond,
      boolean paused,
      @Nullable String updateDate) {

    static Limits of(QueueLimits limits, @Nullable Instant updated) {
      return new Limits(
          limits.maxConcurrency(),
          limits.ratePerSecond(),
          limits.paused(),
          updated == null ? null : updated.toString());
    }
  }

  /** A kind of workers. */
  public record Pool(String pool, List<String> handlers, String version, String lastSeen) {}

  static QueueAnswer of(TaskQueue queue) {
    return new QueueAnswer(
        queue.name(),
        Limits.of(queue.limits(), queue.limitedAt()),
        queue.backlog(),
        queue.workers(),
        queue.pools().stream()
            .map(
                pool ->
                    new Pool(
                        pool.name(), pool.handlers(), pool.version(), pool.lastSeen().toString()))
            .toList());
  }

  static Response response(Object entity) {
    return Response.ok(entity, MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .build();
  }
}
