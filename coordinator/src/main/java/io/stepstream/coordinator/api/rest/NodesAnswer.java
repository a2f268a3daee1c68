package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.cluster.LaneState;
import io.stepstream.coordinator.cluster.NodeState;
import io.stepstream.coordinator.cluster.Restoration;
import io.stepstream.coordinator.cluster.TaskState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes, and what they do with the partitions. Times are in ISO 8601, UTC.
 *
 * @param nodes those that have answered
 * @param unreachable those that haven't
 * @param lagsUnknown why no lags are told; null: they are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodesAnswer(
    List<Node> nodes,
    List<Unreachable> unreachable,
    List<Partition> partitions,
    @Nullable String lagsUnknown) {

  /** A node which didn't tell of itself. */
  public record Unreachable(String address, String reason) {}

  /**
   * A node.
   *
   * @param address of its API; null: others can't reach it
   * @param startDate when its process began
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Node(
      String id, @Nullable String address, String version, String startDate, List<Lane> lanes) {

    static Node of(NodeState node, String version) {
      return new Node(
          node.id(),
          node.address(),
          version,
          node.startDate().toString(),
          node.lanes().stream().map(Lane::of).toList());
    }

    /** Without the tasks, which are told by partition. */
    private Node inShort() {
      return new Node(
          id,
          address,
          version,
          startDate,
          lanes.stream()
              .map(lane -> new Lane(lane.lane(), lane.state(), lane.since(), null))
              .toList());
    }
  }

  /**
   * A lane on a node.
   *
   * @param state of Kafka Streams
   * @param since when it came to this state
   * @param tasks null: they are told elsewhere
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lane(String lane, String state, String since, @Nullable List<Task> tasks) {

    private static Lane of(LaneState lane) {
      return new Lane(
          lane.name(),
          lane.state(),
          lane.since().toString(),
          lane.tasks().stream().map(Task::of).toList());
    }
  }

  /** A partition of a lane on a node. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Task(
      String task,
      int partition,
      String role,
      List<String> inputs,
      @Nullable Long storeLag,
      @Nullable Restore restore) {

    private static Task of(TaskState task) {
      return new Task(
          task.id(),
          task.partition(),
          task.role().name().toLowerCase(Locale.ROOT),
          task.inputs(),
          task.storeLag(),
          task.restoration() == null ? null : Restore.of(task.restoration()));
    }
  }

  /** How far stores have been read back from Kafka, in records. */
  public record Restore(String since, long restored, long total) {

    private static Restore of(Restoration restoration) {
      return new Restore(
          restoration.since().toString(), restoration.restored(), restoration.total());
    }
  }

  /**
   * A partition of a lane, wherever it is.
   *
   * @param task null: no node that has answered has it
   * @param inputs partitions of topics
   * @param lag about how many records of them wait; null: unknown
   * @param copies on which nodes it is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Partition(
      String lane,
      @Nullable String task,
      int partition,
      List<String> inputs,
      @Nullable Long lag,
      List<Copy> copies) {}

  /**
   * A partition on a node.
   *
   * @param role active or standby
   * @param storeLag how many records its stores are behind; null: unknown, or they aren't
   * @param restore null: its stores are not being restored
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Copy(
      String node, String role, @Nullable Long storeLag, @Nullable Restore restore) {}

  /** Where a partition stands in a list. */
  private record Place(String lane, int partition, String task) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::lane)
            .thenComparingInt(Place::partition)
            .thenComparing(Place::task);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Of what the nodes have told of themselves, tasks included.
   *
   * @param lags null: unknown
   * @param lagsUnknown why; null: they are known
   */
  static NodesAnswer of(
      List<Node> nodes,
      List<Unreachable> unreachable,
      @Nullable List<InputLag> lags,
      @Nullable String lagsUnknown) {
    Map<String, Long> waiting = new HashMap<>();
    if (lags != null) {
      lags.forEach(lag -> waiting.put(lag.lane() + ' ' + lag.input(), lag.records()));
    }
    Map<String, Long> nobodys = new HashMap<>(waiting);
    Map<Place, Partition> partitions = new TreeMap<>();
    for (Node node : nodes) {
      for (Lane lane : node.lanes()) {
        for (Task task : lane.tasks() == null ? List.<Task>of() : lane.tasks()) {
          task.inputs().forEach(input -> nobodys.remove(lane.lane() + ' ' + input));
          partitions.merge(
              new Place(lane.lane(), task.partition(), task.task()),
              partition(node.id(), lane.lane(), task, waiting),
              NodesAnswer::together);
        }
      }
    }
    if (lags != null) {
      for (InputLag lag : lags) {
        if (nobodys.containsKey(lag.lane() + ' ' + lag.input())) {
          int partition = Integer.parseInt(lag.input().substring(lag.input().lastIndexOf('-') + 1));
          partitions.put(
              new Place(lag.lane(), partition, lag.input()),
              new Partition(
                  lag.lane(), null, partition, List.of(lag.input()), lag.records(), List.of()));
        }
      }
    }
    return new NodesAnswer(
        nodes.stream().map(Node::inShort).toList(),
        unreachable,
        List.copyOf(partitions.values()),
        lagsUnknown);
  }

  private static Partition partition(
      String node, String lane, Task task, Map<String, Long> waiting) {
    // An input that was never read has no offset to count from.
    List<Long> known =
        task.inputs().stream()
            .filter(input -> waiting.containsKey(lane + ' ' + input))
            .map(input -> waiting.get(lane + ' ' + input))
            .toList();
    return new Partition(
        lane,
        task.task(),
        task.partition(),
        task.inputs(),
        known.isEmpty() ? null : (Long) known.stream().mapToLong(Long::longValue).sum(),
        List.of(new Copy(node, task.role(), task.storeLag(), task.restore())));
  }

  private static Partition together(Partition one, Partition other) {
    List<Copy> copies = new ArrayList<>(one.copies());
    copies.addAll(other.copies());
    copies.sort(Comparator.comparing(Copy::role).thenComparing(Copy::node));
    return new Partition(
        one.lane(),
        one.task(),
        one.partition(),
        one.inputs(),
        one.lag(),
        Collections.unmodifiableList(copies));
  }
}
