package io.stepstream.coordinator.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a lane on one node.
 *
 * @param id of Kafka Streams, {@code SUBTOPOLOGY_PARTITION}: equal on all nodes that have a copy
 * @param inputs what it reads, {@code TOPIC-PARTITION} each
 * @param storeLag how many records its stores are behind; null: it has none that could be, or
 *     nobody knows
 * @param restoration null: its stores are not being restored
 */
public record TaskState(
    String id,
    int partition,
    Role role,
    List<String> inputs,
    @Nullable Long storeLag,
    @Nullable Restoration restoration) {

  /** What the node does with the partition. */
  public enum Role {
    /** Processes it. */
    ACTIVE,
    /** Keeps a warm copy of its stores. */
    STANDBY
  }

  public TaskState {
    inputs = List.copyOf(inputs);
  }
}
