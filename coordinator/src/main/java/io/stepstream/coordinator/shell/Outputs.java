package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.reply.ReplyListener;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/** The topics that processors write to, as sinks of a topology: names, keys, partitions. */
final class Outputs {

  static final String HISTORY = "history-sink";
  static final String TASKS = "tasks-sink";
  static final String PEER = "peer-sink";
  static final String MESSAGES = "messages-sink";
  static final String COMPLETIONS = "completions-sink";
  static final String EXECUTION_LOGS = "execution-logs-sink";
  static final String STATUS_CHANGES = "status-changes-sink";
  static final String ABANDONED = "abandoned-sink";
  static final String REPLIES = "replies-sink";
  static final String DEAD_LETTERS = "dead-letters-sink";
  static final String START_DEAD_LETTERS = "start-dead-letters-sink";

  private Outputs() {}

  static void addSource(Topology topology, String name, String... topics) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        Outputs::timestamp,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topics);
  }

  /**
   * Anyone may write any timestamp. Streams' own extractor fails on a negative one, and the
   * partition would stand still for ever.
   */
  static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
  }

  /** Express children of Map runs have a topic of their own. */
  static void addHistory(Topology topology, LaneTopics topics, String parent) {
    topology.<HistoryKey, byte[]>addSink(
        HISTORY,
        (key, _, _) -> topics.historyOf(key.execution()),
        (Serializer<HistoryKey>) (_, key) -> key.bytes(),
        new ByteArraySerializer(),
        (_, key, _, _) -> Optional.of(Set.of(key.partition())),
        parent);
  }

  /**
   * The key is the queue's name and only picks the topic: records have none, so that a batch stays
   * on one partition.
   */
  static void addTasks(Topology topology, String parent) {
    topology.<String, byte[]>addSink(
        TASKS,
        (queue, _, _) -> Topics.tasks(queue),
        (Serializer<String>) (_, _) -> null,
        new ByteArraySerializer(),
        parent);
  }

  static void addPeer(Topology topology, String topic, String parent) {
    topology.addSink(
        PEER,
        topic,
        (Serializer<Receiver>) (_, receiver) -> utf8(receiver.key().arn()),
        new ByteArraySerializer(),
        (_, receiver, _, _) -> Optional.of(Set.of(receiver.partition())),
        parent);
  }

  /** Messages of one execution to another: the receiver's ARN tells the lane. */
  static void addMessages(Topology topology, String parent) {
    topology.<Receiver, byte[]>addSink(
        MESSAGES,
        (receiver, _, _) -> LaneTopics.of(ExecutionArns.laneOf(receiver.key().arn())).peer(),
        (Serializer<Receiver>) (_, receiver) -> utf8(receiver.key().arn()),
        new ByteArraySerializer(),
        (_, receiver, _, _) -> Optional.of(Set.of(receiver.partition())),
        parent);
  }

  /** What is told of executions under their ARNs, and of each to one partition. */
  static void addTold(Topology topology, String parent) {
    addTold(topology, COMPLETIONS, Topics.COMPLETIONS, parent);
    addTold(topology, EXECUTION_LOGS, Topics.EXECUTION_LOGS, parent);
    addTold(topology, STATUS_CHANGES, Topics.STATUS_CHANGES, parent);
    addTold(topology, ABANDONED, Topics.ABANDONED, parent);
  }

  private static void addTold(Topology topology, String sink, String topic, String parent) {
    topology.addSink(
        sink,
        topic,
        (Serializer<ExecutionKey>) (_, key) -> utf8(key.arn()),
        new ByteArraySerializer(),
        parent);
  }

  /** The key is the id of the node where the call waits. */
  static void addReplies(Topology topology, String topic, String parent) {
    topology.addSink(
        REPLIES,
        topic,
        (Serializer<String>) (_, nodeId) -> utf8(nodeId),
        new ByteArraySerializer(),
        (_, nodeId, _, partitions) ->
            Optional.of(Set.of(ReplyListener.partition(nodeId, partitions))),
        parent);
  }

  static void addDeadLetters(Topology topology, String name, String parent) {
    topology.addSink(
        name, Topics.DLQ, new ByteArraySerializer(), new ByteArraySerializer(), parent);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
