package io.stepstream.coordinator.node;

import io.stepstream.coordinator.cluster.LaneState;
import io.stepstream.coordinator.cluster.TaskState;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.schemas.registry.SchemaRegistryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Kafka Streams application of the node, with its answer to failures. */
final class LaneStreams implements Readiness, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LaneStreams.class);

  /** A bug that comes back this often won't go away by itself. */
  private static final int BUGS_AT_MOST = 3;

  /** Whose tasks have stores, in every topology here; the others only read and hand on. */
  private static final int WITH_STORES = 0;

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final String name;
  private final String group;
  private final boolean hasCopies;
  private final KafkaStreams streams;
  private final RestoreProgress restoring;
  private final AtomicInteger bugs = new AtomicInteger();
  private final LongAdder replaced = new LongAdder();
  private volatile Instant since;
  private volatile Runnable moved = () -> {};

  LaneStreams(
      String name,
      Topology topology,
      Properties config,
      KafkaClientSupplier clients,
      InstantSource clock) {
    this.name = name;
    this.group = config.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    this.restoring = new RestoreProgress(clock);
    this.since = clock.instant();
    this.streams = new KafkaStreams(topology, config, clients);
    // Kafka Streams has checked it, and a StreamsConfig of our own would log all settings again.
    this.hasCopies =
        Integer.parseInt(config.get(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG).toString()) > 0;
    streams.setUncaughtExceptionHandler(this::failed);
    streams.setStateListener(
        (state, _) -> {
          since = clock.instant();
          if (state == KafkaStreams.State.REBALANCING) {
            moved.run();
          }
        });
    streams.setGlobalStateRestoreListener(restoring);
  }

  private StreamThreadExceptionResponse failed(Throwable failure) {
    StreamThreadExceptionResponse response = answer(failure);
    if (response == StreamThreadExceptionResponse.REPLACE_THREAD) {
      replaced.increment();
    }
    return response;
  }

  private StreamThreadExceptionResponse answer(Throwable failure) {
    if (failure.getCause() instanceof SchemaRegistryException) {
      // Says nothing about the record, which is read again when the registry answers. Not counted
      // as a bug, or an outage would stop the lane.
      LOG.warn("A stream thread of {} needs the schema registry and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (failure instanceof KafkaException
        && !(failure.getCause() instanceof RuntimeException bug
            && !(bug instanceof KafkaException))) {
      LOG.warn("A stream thread of {} failed with Kafka and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (bugs.incrementAndGet() <= BUGS_AT_MOST) {
      LOG.error("A stream thread of {} failed and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("{} failed {} times and stops; the node is not ready any more", name, bugs, failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  KafkaStreams streams() {
    return streams;
  }

  /**
   * @param action for each time that partitions move, on a stream thread; asked for before the
   *     start
   */
  void whenPartitionsMove(Runnable action) {
    moved = action;
  }

  void start() {
    streams.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  @Override
  public Map<String, String> details() {
    return Map.of("state", streams.state().name());
  }

  /** The consumer group of its input. */
  String group() {
    return group;
  }

  /** Since when it is in its state. */
  Instant since() {
    return since;
  }

  /** Stream threads that failed and were replaced since the node began. */
  long threadsReplaced() {
    return replaced.sum();
  }

  /** How many stream threads are in which state of Kafka Streams. */
  Map<String, Integer> threadStates() {
    Map<String, Integer> states = new HashMap<>();
    threads().forEach(thread -> states.merge(thread.threadState(), 1, Integer::sum));
    return states;
  }

  /** Since when stores have been read back; null: none are. */
  @Nullable Instant restoringSince() {
    return restoring.since();
  }

  /** What it does now. Asks Kafka where stores are behind, which may take as long as that does. */
  LaneState state() {
    List<TaskState> tasks = new ArrayList<>();
    Instant inStateSince = since;
    String state = streams.state().name();
    Collection<ThreadMetadata> threads = threads();
    boolean isBehind =
        !restoring.isIdle() || threads.stream().anyMatch(t -> !t.standbyTasks().isEmpty());
    Map<Integer, Long> lags = isBehind ? storeLags() : Map.of();
    for (ThreadMetadata thread : threads) {
      for (TaskMetadata task : thread.activeTasks()) {
        tasks.add(task(task, TaskState.Role.ACTIVE, lags));
      }
      for (TaskMetadata task : thread.standbyTasks()) {
        tasks.add(task(task, TaskState.Role.STANDBY, lags));
      }
    }
    return new LaneState(name, state, inStateSince, tasks);
  }

  private Collection<ThreadMetadata> threads() {
    try {
      return streams.metadataForLocalThreads();
    } catch (IllegalStateException _) {
      return List.of(); // it hasn't begun, or has ended
    }
  }

  private TaskState task(TaskMetadata task, TaskState.Role role, Map<Integer, Long> lags) {
    int partition = task.taskId().partition();
    boolean hasStores = task.taskId().subtopology() == WITH_STORES;
    boolean isRestored = role == TaskState.Role.ACTIVE && restoring.of(partition) == null;
    return new TaskState(
        task.taskId().toString(),
        partition,
        role,
        task.topicPartitions().stream().map(TopicPartition::toString).sorted().toList(),
        hasStores && !isRestored ? lags.get(partition) : null,
        hasStores && role == TaskState.Role.ACTIVE ? restoring.of(partition) : null);
  }

  /** By partition, of all its stores together; empty: nobody knows. */
  private Map<Integer, Long> storeLags() {
    Map<Integer, Long> lags = new HashMap<>();
    try {
      for (Map<Integer, LagInfo> store : streams.allLocalStorePartitionLags().values()) {
        store.forEach((partition, lag) -> lags.merge(partition, lag.offsetLag(), Long::sum));
      }
    } catch (IllegalStateException | StreamsException e) {
      LOG.debug("How far the stores of {} are behind is not known", name, e);
      return Map.of();
    }
    return lags;
  }

  /**
   * Leaves the group where others have warm copies of the stores: they go on at once, where they
   * would miss this node only after its session. Without copies it stays a member and keeps its
   * partitions, for it is back before another could have read the state (ADR 0069).
   */
  @Override
  public void close() {
    streams.close(
        CloseOptions.timeout(LONGEST_CLOSE)
            .withGroupMembershipOperation(
                hasCopies
                    ? GroupMembershipOperation.LEAVE_GROUP
                    : GroupMembershipOperation.REMAIN_IN_GROUP));
  }
}
