package io.stepstream.coordinator.cluster;

import java.time.Instant;
import java.util.List;

/**
 * A Kafka Streams application on one node.
 *
 * @param name the same on all nodes, for example {@code standard lane}
 * @param state of Kafka Streams, for example {@code RUNNING}
 * @param since when it came to this state
 */
public record LaneState(String name, String state, Instant since, List<TaskState> tasks) {

  public LaneState {
    tasks = List.copyOf(tasks);
  }
}
