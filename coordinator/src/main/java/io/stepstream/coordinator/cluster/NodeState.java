package io.stepstream.coordinator.cluster;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node.
 *
 * @param id is kept with its state
 * @param address where its API is, {@code host:port}; null: others can't reach it
 */
public record NodeState(
    String id, @Nullable String address, Instant startDate, List<LaneState> lanes) {

  public NodeState {
    lanes = List.copyOf(lanes);
  }
}
