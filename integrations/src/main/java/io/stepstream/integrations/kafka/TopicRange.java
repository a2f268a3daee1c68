package io.stepstream.integrations.kafka;

import io.stepstream.worker.handler.TaskFailedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which records of a topic a state asks for.
 *
 * @param partitions empty: all
 */
record TopicRange(
    String connection, String topic, Optional<Set<Integer>> partitions, Bound from, Bound to) {

  /** Where a range begins or ends in each partition. */
  sealed interface Bound {
    /** At the edge of what there is. */
    record Edge() implements Bound {}

    /** At these offsets; in partitions that are not among them, at the edge. */
    record Offsets(Map<Integer, Long> byPartition) implements Bound {}

    /** At the first record that isn't older. */
    record Moment(long millis) implements Bound {}
  }

  /** The arguments that make up a range. */
  static final Set<String> ARGUMENTS =
      Set.of(
          "Connection",
          "Topic",
          "Partition",
          "Partitions",
          "FromOffset",
          "FromOffsets",
          "FromTimestamp",
          "ToOffset",
          "ToOffsets",
          "ToTimestamp");

  /** The offsets of each are told, and kept with a Map run. */
  static final int MOST_PARTITIONS = 1_000;

  /**
   * @throws TaskFailedException {@code States.Runtime}
   */
  static TopicRange of(KafkaArguments arguments) {
    OptionalLong one = arguments.number("Partition", 0, Integer.MAX_VALUE);
    Optional<Set<Integer>> several = arguments.partitions("Partitions");
    if (one.isPresent() && several.isPresent()) {
      throw KafkaArguments.refused("Give one of 'Partition' and 'Partitions'.");
    }
    return new TopicRange(
        arguments.connection(),
        arguments.topic(),
        one.isPresent() ? Optional.of(Set.of((int) one.getAsLong())) : several,
        bound(arguments, "From", one),
        bound(arguments, "To", one));
  }

  private static Bound bound(KafkaArguments arguments, String side, OptionalLong partition) {
    OptionalLong offset = arguments.number(side + "Offset", 0, Long.MAX_VALUE);
    Optional<Map<Integer, Long>> offsets = arguments.offsets(side + "Offsets");
    OptionalLong moment = arguments.moment(side + "Timestamp");
    int given =
        (offset.isPresent() ? 1 : 0) + (offsets.isPresent() ? 1 : 0) + (moment.isPresent() ? 1 : 0);
    if (given > 1) {
      throw KafkaArguments.refused(
          "Give one of '%1$sOffset', '%1$sOffsets' and '%1$sTimestamp'.".formatted(side));
    }
    if (offset.isPresent()) {
      if (partition.isEmpty()) {
        throw KafkaArguments.refused(
            "'%1$sOffset' needs 'Partition'; for several take '%1$sOffsets'.".formatted(side));
      }
      return new Bound.Offsets(Map.of((int) partition.getAsLong(), offset.getAsLong()));
    }
    if (offsets.isPresent()) {
      return new Bound.Offsets(offsets.get());
    }
    return moment.isPresent() ? new Bound.Moment(moment.getAsLong()) : new Bound.Edge();
  }

  /**
   * What there is to read now, in the order of partitions: up to the last stable offset, beyond
   * which a transaction may still be under way.
   *
   * @throws TaskFailedException there is no such topic, partition or offset, for example
   */
  List<Span> spans(KafkaConnection open) throws InterruptedException {
    Set<Integer> wanted = wanted(open.partitions(topic));
    Admin admin = open.admin();
    Map<Integer, Long> starts = offsets(admin, wanted, OffsetSpec.earliest());
    Map<Integer, Long> ends = offsets(admin, wanted, OffsetSpec.latest());
    Map<Integer, Long> begins = begins(admin, starts, ends);
    Map<Integer, Long> stops = stops(admin, ends);
    List<Span> spans = new ArrayList<>();
    for (int partition : wanted) {
      long stop = stops.get(partition);
      spans.add(new Span(partition, Math.min(begins.get(partition), stop), stop));
    }
    return spans;
  }

  private Set<Integer> wanted(int count) {
    Set<Integer> named = new HashSet<>(partitions.orElse(Set.of()));
    for (Bound bound : List.of(from, to)) {
      if (bound instanceof Bound.Offsets(Map<Integer, Long> byPartition)) {
        named.addAll(byPartition.keySet());
      }
    }
    for (int partition : named) {
      if (partition >= count) {
        throw KafkaErrors.failure(
            new UnknownTopicOrPartitionException(
                "The topic '%s' has %d partitions.".formatted(topic, count)));
      }
    }
    Set<Integer> wanted = new TreeSet<>(partitions.orElse(Set.of()));
    if (partitions.isEmpty()) {
      for (int partition = 0; partition < Math.min(count, MOST_PARTITIONS + 1); partition++) {
        wanted.add(partition);
      }
    }
    if (wanted.size() > MOST_PARTITIONS) {
      throw KafkaArguments.refused(
          "More than %d partitions can't be read at once; name some in 'Partitions'."
              .formatted(MOST_PARTITIONS));
    }
    return wanted;
  }

  private Map<Integer, Long> begins(Admin admin, Map<Integer, Long> starts, Map<Integer, Long> ends)
      throws InterruptedException {
    return switch (from) {
      case Bound.Edge() -> starts;
      case Bound.Moment(long millis) -> since(admin, millis, ends);
      case Bound.Offsets(Map<Integer, Long> byPartition) -> {
        Map<Integer, Long> begins = new HashMap<>(starts);
        byPartition.forEach(
            (partition, offset) -> {
              if (!starts.containsKey(partition)) {
                return;
              }
              if (offset < starts.get(partition) || offset > ends.get(partition)) {
                throw new TaskFailedException(
                    "Kafka.OffsetOutOfRange",
                    "Partition %d of '%s' has the offsets %d to %d, without %d."
                        .formatted(
                            partition, topic, starts.get(partition), ends.get(partition), offset));
              }
              begins.put(partition, offset);
            });
        yield begins;
      }
    };
  }

  private Map<Integer, Long> stops(Admin admin, Map<Integer, Long> ends)
      throws InterruptedException {
    return switch (to) {
      case Bound.Edge() -> ends;
      case Bound.Moment(long millis) -> since(admin, millis, ends);
      case Bound.Offsets(Map<Integer, Long> byPartition) -> {
        Map<Integer, Long> stops = new HashMap<>(ends);
        byPartition.forEach(
            (partition, offset) ->
                stops.computeIfPresent(partition, (_, end) -> Math.min(end, offset)));
        yield stops;
      }
    };
  }

  /** Where there is no such record, the end. */
  private Map<Integer, Long> since(Admin admin, long millis, Map<Integer, Long> ends)
      throws InterruptedException {
    Map<Integer, Long> found = offsets(admin, ends.keySet(), OffsetSpec.forTimestamp(millis));
    Map<Integer, Long> since = new HashMap<>(ends);
    found.forEach(
        (partition, offset) ->
            since.computeIfPresent(
                partition, (_, end) -> offset < 0 ? end : Math.min(offset, end)));
    return since;
  }

  private Map<Integer, Long> offsets(Admin admin, Collection<Integer> partitions, OffsetSpec spec)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(new TopicPartition(topic, partition), spec));
    Map<TopicPartition, ListOffsetsResultInfo> answers =
        KafkaErrors.get(
            admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
    Map<Integer, Long> offsets = new HashMap<>();
    answers.forEach((partition, answer) -> offsets.put(partition.partition(), answer.offset()));
    return offsets;
  }
}
