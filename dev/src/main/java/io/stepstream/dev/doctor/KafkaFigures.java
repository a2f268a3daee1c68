package io.stepstream.dev.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** Topics and groups of ours in numbers. Other topics and groups are counted, not named. */
final class KafkaFigures {

  private static final String OURS = "stepstream";

  private static final Set<String> CONFIGS =
      Set.of(
          "cleanup.policy",
          "compression.type",
          "max.message.bytes",
          "message.timestamp.type",
          "min.insync.replicas",
          "retention.bytes",
          "retention.ms",
          "segment.bytes",
          "segment.ms");

  private KafkaFigures() {}

  static ObjectNode topics(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> all = admin.listTopics().names().get();
    Set<String> ours = new TreeSet<>(all);
    ours.removeIf(name -> !name.startsWith(OURS));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("others", all.size() - ours.size());
    Map<String, TopicDescription> found = admin.describeTopics(ours).allTopicNames().get();
    Map<TopicPartition, Long> begins = offsets(admin, found, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(admin, found, OffsetSpec.latest());
    Map<String, Config> configs = new HashMap<>();
    admin
        .describeConfigs(
            ours.stream().map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).toList())
        .all()
        .get()
        .forEach((resource, config) -> configs.put(resource.name(), config));
    ArrayNode topics = answer.putArray("topics");
    for (String name : ours) {
      ObjectNode topic = topics.addObject().put("topic", name);
      ObjectNode settings = topic.putObject("config");
      for (ConfigEntry entry : configs.get(name).entries()) {
        if (CONFIGS.contains(entry.name())) {
          settings.put(entry.name(), entry.value());
        }
      }
      ArrayNode partitions = topic.putArray("partitions");
      for (TopicPartitionInfo partition : found.get(name).partitions()) {
        TopicPartition key = new TopicPartition(name, partition.partition());
        partitions
            .addObject()
            .put("partition", partition.partition())
            .put("leader", partition.leader() == null ? -1 : partition.leader().id())
            .put("replicas", partition.replicas().size())
            .put("inSync", partition.isr().size())
            .put("begin", begins.get(key))
            .put("end", ends.get(key));
      }
    }
    return answer;
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, Map<String, TopicDescription> topics, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    topics
        .values()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        p -> asked.put(new TopicPartition(topic.name(), p.partition()), spec)));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
        admin.listOffsets(asked).all().get().entrySet()) {
      offsets.put(each.getKey(), each.getValue().offset());
    }
    return offsets;
  }

  static ObjectNode groups(Admin admin) throws ExecutionException, InterruptedException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode groups = answer.putArray("groups");
    Map<String, ListConsumerGroupOffsetsSpec> readers = new TreeMap<>();
    int others = 0;
    for (GroupListing group : admin.listGroups().all().get()) {
      if (!group.groupId().startsWith(OURS)) {
        others++;
        continue;
      }
      groups
          .addObject()
          .put("group", group.groupId())
          .put("type", group.type().map(GroupType::toString).orElse("unknown"))
          .put("state", group.groupState().map(Enum::name).orElse("unknown"));
      if (group
          .type()
          .filter(List.of(GroupType.CLASSIC, GroupType.CONSUMER)::contains)
          .isPresent()) {
        readers.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
      }
    }
    answer.put("others", others);
    ArrayNode offsets = answer.putArray("offsets");
    if (!readers.isEmpty()) {
      for (Map.Entry<String, Map<TopicPartition, OffsetAndMetadata>> group :
          admin.listConsumerGroupOffsets(readers).all().get().entrySet()) {
        group
            .getValue()
            .forEach(
                (partition, offset) -> {
                  if (offset != null && partition.topic().startsWith(OURS)) {
                    offsets
                        .addObject()
                        .put("group", group.getKey())
                        .put("partition", partition.toString())
                        .put("offset", offset.offset());
                  }
                });
      }
    }
    return answer;
  }
}
