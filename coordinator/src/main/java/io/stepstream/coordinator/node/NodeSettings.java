package io.stepstream.coordinator.node;

import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.tracing.Sampling;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator process needs to know.
 *
 * @param stateDirectory local state of Kafka Streams, on a disk that survives a restart; rebuilt
 *     from Kafka if it is lost
 * @param threadsPerLane stream threads of each lane; a commit covers all tasks of a thread, so many
 *     threads with few tasks each keep a busy partition from taxing its neighbours
 * @param standbys warm copies of each store on other nodes; without one, a failover restores from
 *     the changelog
 * @param expressTransitions false: no history records of Express executions
 * @param executionLogs false: nothing is logged of executions, whatever machines ask for
 * @param statusChanges whether changes of statuses of Standard executions are told in EventBridge's
 *     shape
 * @param tracing which executions are traced, of the machines that want it
 * @param address of this node's API for other nodes, {@code host:port}; null: it has none
 * @param kafka further properties for every Kafka client: security, tuning
 */
public record NodeSettings(
    String bootstrapServers,
    Path stateDirectory,
    TopicLayout layout,
    int threadsPerLane,
    int standbys,
    String region,
    boolean expressTransitions,
    boolean executionLogs,
    boolean statusChanges,
    Sampling tracing,
    @Nullable String address,
    Map<String, String> kafka) {

  public NodeSettings {
    kafka = Map.copyOf(kafka);
  }
}
