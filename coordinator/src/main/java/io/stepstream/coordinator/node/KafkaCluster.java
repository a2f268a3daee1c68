package io.stepstream.coordinator.node;

import io.stepstream.coordinator.cluster.Cluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.cluster.NodeState;
import io.stepstream.coordinator.execution.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * The cluster by what Kafka Streams knows. The nodes are the members of the history view's group,
 * which alone tells addresses; every node is one. Closes its client for administration.
 */
final class KafkaCluster implements Cluster, AutoCloseable {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final String id;
  private final @Nullable String address;
  private final Instant startDate;
  private final List<LaneStreams> lanes;
  private final KafkaStreams addressed;
  private final Admin admin;

  /** States are asked of Kafka too, which blocks. */
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("stepstream-cluster-", 0).factory());

  KafkaCluster(
      String id,
      @Nullable String address,
      Instant startDate,
      List<LaneStreams> lanes,
      KafkaStreams addressed,
      Admin admin) {
    this.id = id;
    // The port is the system's choice, which is made later and isn't told.
    this.address = address == null || address.endsWith(":0") ? null : address;
    this.startDate = startDate;
    this.lanes = lanes;
    this.addressed = addressed;
    this.admin = admin;
  }

  @Override
  public CompletionStage<NodeState> self() {
    return CompletableFuture.supplyAsync(
        () ->
            new NodeState(id, address, startDate, lanes.stream().map(LaneStreams::state).toList()),
        executor);
  }

  @Override
  public Set<String> others() {
    Set<String> addresses = new TreeSet<>();
    try {
      for (StreamsMetadata member : addressed.metadataForAllStreamsClients()) {
        HostInfo host = member.hostInfo();
        String there = host.host() + ':' + host.port();
        // No port: the member listens where it was given one, and can't tell.
        if (host.port() > 0 && !there.equals(address)) {
          addresses.add(there);
        }
      }
    } catch (IllegalStateException _) {
      return Set.of(); // it hasn't begun, or has ended
    }
    return addresses;
  }

  @Override
  public CompletionStage<List<InputLag>> inputLags() {
    Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
    lanes.forEach(lane -> groups.put(lane.group(), new ListConsumerGroupOffsetsSpec()));
    return admin
        .listConsumerGroupOffsets(groups)
        .all()
        .toCompletionStage()
        .thenCompose(this::lags)
        .exceptionally(
            failure -> {
              throw new Unavailable(
                  "Kafka doesn't tell offsets: " + failure.getMessage(), RETRY_AFTER, failure);
            });
  }

  private CompletionStage<List<InputLag>> lags(
      Map<String, Map<TopicPartition, @Nullable OffsetAndMetadata>> processed) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    processed
        .values()
        .forEach(group -> group.keySet().forEach(p -> asked.put(p, OffsetSpec.latest())));
    return admin
        .listOffsets(asked)
        .all()
        .toCompletionStage()
        .thenApply(
            ends -> {
              List<InputLag> lags = new ArrayList<>();
              for (LaneStreams lane : lanes) {
                processed
                    .getOrDefault(lane.group(), Map.of())
                    .forEach((input, offset) -> add(lags, lane.name(), input, offset, ends));
              }
              return lags;
            });
  }

  private static void add(
      List<InputLag> lags,
      String lane,
      TopicPartition input,
      @Nullable OffsetAndMetadata processed,
      Map<TopicPartition, ListOffsetsResultInfo> ends) {
    ListOffsetsResultInfo end = ends.get(input);
    if (processed != null && end != null) {
      lags.add(
          new InputLag(
              lane,
              input.toString(),
              Math.max(0, end.offset() - processed.offset()),
              processed.offset()));
    }
  }

  @Override
  public void close() {
    executor.shutdown();
    admin.close(Duration.ZERO);
  }
}
