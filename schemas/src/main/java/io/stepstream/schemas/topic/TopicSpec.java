package io.stepstream.schemas.topic;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic of the catalogue.
 *
 * @param partitionsFixed whether an existing topic must have exactly {@code partitions}, because
 *     somebody computes with the number
 * @param maxRecordBytes the largest record that must fit
 * @param writers who writes, in words
 * @param readers who reads, in words
 */
public record TopicSpec(
    String name,
    int partitions,
    boolean partitionsFixed,
    Cleanup cleanup,
    int maxRecordBytes,
    int replicationFactor,
    int minInsyncReplicas,
    String writers,
    String readers) {

  public TopicSpec {
    requireNonNull(name, "name");
    requireNonNull(cleanup, "cleanup");
    requireNonNull(writers, "writers");
    requireNonNull(readers, "readers");
  }

  /** The topic's settings in Kafka's words. */
  public Map<String, String> config() {
    Map<String, String> config = new LinkedHashMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
    switch (cleanup) {
      case Cleanup.Delete(var retention) ->
          config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
      case Cleanup.Compact(var segmentAge) ->
          config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segmentAge.toMillis()));
    }
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes));
    config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas));
    return Map.copyOf(config);
  }

  NewTopic newTopic() {
    return new NewTopic(name, Optional.of(partitions), Optional.of((short) replicationFactor))
        .configs(config());
  }
}
