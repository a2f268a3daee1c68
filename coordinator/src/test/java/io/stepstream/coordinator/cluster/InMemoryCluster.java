package io.stepstream.coordinator.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A cluster as a test wants it. */
public final class InMemoryCluster implements Cluster {

  public static final Instant STARTED = Instant.parse("2026-09-03T00:00:00Z");

  /** With one partition that is active and restored, and a warm copy of another. */
  public static final NodeState SELF =
      new NodeState(
          "node-a",
          "127.0.0.1:1",
          STARTED,
          List.of(
              new LaneState(
                  "standard lane",
                  "REBALANCING",
                  STARTED.plusSeconds(5),
                  List.of(
                      new TaskState(
                          "0_0",
                          0,
                          TaskState.Role.ACTIVE,
                          List.of("inbox-0", "peer-0"),
                          40L,
                          new Restoration(STARTED.plusSeconds(6), 60, 100)),
                      new TaskState(
                          "0_1", 1, TaskState.Role.STANDBY, List.of("inbox-1"), 3L, null)))));

  private volatile Set<String> others = Set.of();
  private volatile List<InputLag> lags = List.of();
  private volatile @Nullable RuntimeException outage;

  public void with(Set<String> addresses, List<InputLag> waiting) {
    others = addresses;
    lags = waiting;
  }

  /** From now on Kafka doesn't answer so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public CompletionStage<NodeState> self() {
    return CompletableFuture.completedFuture(SELF);
  }

  @Override
  public Set<String> others() {
    return others;
  }

  @Override
  public CompletionStage<List<InputLag>> inputLags() {
    return outage == null
        ? CompletableFuture.completedFuture(lags)
        : CompletableFuture.failedFuture(outage);
  }
}
