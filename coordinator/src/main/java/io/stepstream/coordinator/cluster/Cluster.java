package io.stepstream.coordinator.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The cluster as one node sees it. */
public interface Cluster {

  /** This node as it is now. Each other is asked the same, since only it knows. */
  CompletionStage<NodeState> self();

  /**
   * Where the other nodes' APIs are, {@code host:port}. One that has just died is still among them
   * until its group misses it; empty while this node itself is in no group.
   */
  Set<String> others();

  /**
   * How much of each lane's input waits to be processed, whoever has the partition, or nobody.
   *
   * @return completes with {@link io.stepstream.coordinator.execution.Unavailable} when Kafka
   *     doesn't answer
   */
  CompletionStage<List<InputLag>> inputLags();
}
