package io.stepstream.worker;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a worker is told at its start.
 *
 * @param bootstrapServers Kafka's {@code bootstrap.servers}
 * @param pool a name that all workers of the same kind share; the console groups them by it
 * @param queues the task queues that this worker serves
 * @param permits how many handlers run at the same time at most
 * @param source how orders are acquired
 * @param linger how long a result may wait for others to share a request with: 0 favours latency
 * @param lanes with how many share consumers a queue begins
 * @param maxLanes with how many share consumers a queue may end up while long tasks run; a broker
 *     takes 200 members per group by default, counting all workers of the queue
 * @param clientProperties for every Kafka client of the worker: security, for example
 */
record WorkerSettings(
    String bootstrapServers,
    String pool,
    List<String> queues,
    int permits,
    TaskSourceKind source,
    Duration linger,
    int lanes,
    int maxLanes,
    Map<String, String> clientProperties) {

  WorkerSettings {
    Objects.requireNonNull(bootstrapServers, "bootstrapServers");
    Objects.requireNonNull(pool, "pool");
    queues = List.copyOf(queues);
    clientProperties = Map.copyOf(clientProperties);
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "bootstrapServers is empty; give host:port of a Kafka broker.");
    }
    if (pool.isBlank()) {
      throw new IllegalArgumentException("pool is empty; give a name.");
    }
    if (queues.isEmpty()) {
      throw new IllegalArgumentException("queues is empty; name at least one task queue.");
    }
    for (String queue : queues) {
      if (!Topics.isQueueName(queue)) {
        throw new IllegalArgumentException(
            "'%s' can't be a queue's name: take 1 to 200 letters, digits, '.', '_' and '-'."
                .formatted(queue));
      }
    }
    requireAtLeast(1, permits, "permits");
    requireAtLeast(1, lanes, "lanes");
    requireAtLeast(lanes, maxLanes, "maxLanes");
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger is negative: " + linger);
    }
  }

  private static void requireAtLeast(int least, int actual, String name) {
    if (actual < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, not %d.".formatted(name, least, actual));
    }
  }
}
