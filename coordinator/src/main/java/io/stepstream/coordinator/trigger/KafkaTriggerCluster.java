package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.TopicTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers: three calls, however many triggers there are. */
final class KafkaTriggerCluster implements TriggerCluster {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Admin admin;
  private final Executor executor;

  /**
   * @param admin its own timeouts bound each answer
   * @param executor for calls that block
   */
  KafkaTriggerCluster(Admin admin, Executor executor) {
    this.admin = admin;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Optional<List<Long>>> ends(String topic) {
    return ask(
        () -> {
          List<TopicPartition> partitions = partitions(List.of(topic)).get(topic);
          if (partitions == null) {
            return Optional.empty();
          }
          Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
          return Optional.of(partitions.stream().map(ends::get).toList());
        });
  }

  @Override
  public CompletionStage<Map<String, TriggerStatus>> statuses(Collection<TopicTrigger> triggers) {
    return ask(
        () -> {
          Map<String, List<TopicPartition>> topics =
              partitions(triggers.stream().map(TopicTrigger::getTopic).distinct().toList());
          List<TopicPartition> all = topics.values().stream().flatMap(List::stream).toList();
          Map<TopicPartition, Long> beginnings = offsets(all, OffsetSpec.earliest());
          Map<TopicPartition, Long> ends = offsets(all, OffsetSpec.latest());
          Map<String, Map<TopicPartition, OffsetAndMetadata>> groups = committed(triggers);
          Map<String, TriggerStatus> statuses = new HashMap<>();
          for (TopicTrigger trigger : triggers) {
            List<TopicPartition> partitions = topics.get(trigger.getTopic());
            statuses.put(
                trigger.getName(),
                partitions == null
                    ? new TriggerStatus(false, List.of())
                    : status(trigger, partitions, groups.get(trigger.getName()), beginnings, ends));
          }
          return statuses;
        });
  }

  private static TriggerStatus status(
      TopicTrigger trigger,
      List<TopicPartition> partitions,
      Map<TopicPartition, OffsetAndMetadata> committed,
      Map<TopicPartition, Long> beginnings,
      Map<TopicPartition, Long> ends) {
    List<TriggerStatus.Partition> told = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      Progress progress =
          offset == null ? null : Progress.parse(offset.metadata(), trigger.getId());
      long next =
          progress != null
              ? offset.offset()
              : partition.partition() < trigger.getFrom().size()
                  ? trigger.getFrom().get(partition.partition())
                  : beginnings.get(partition);
      told.add(
          TriggerStatus.Partition.of(
              partition.partition(),
              next,
              ends.get(partition),
              progress == null ? Progress.none(trigger.getId()) : progress));
    }
    return new TriggerStatus(true, told);
  }

  // ------------------------------------------------------------------ questions

  /** By topic; what isn't in it doesn't exist. */
  private Map<String, List<TopicPartition>> partitions(Collection<String> topics)
      throws ExecutionException, InterruptedException {
    DescribeTopicsResult result = admin.describeTopics(topics);
    Map<String, List<TopicPartition>> found = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        result.topicNameValues().entrySet()) {
      TopicDescription description = unlessUnknown(topic.getValue());
      if (description != null) {
        found.put(
            topic.getKey(),
            description.partitions().stream()
                .map(TopicPartitionInfo::partition)
                .sorted()
                .map(number -> new TopicPartition(topic.getKey(), number))
                .toList());
      }
    }
    return found;
  }

  private static @Nullable TopicDescription unlessUnknown(KafkaFuture<TopicDescription> description)
      throws ExecutionException, InterruptedException {
    try {
      return description.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof InvalidTopicException) {
        return null;
      }
      throw e;
    }
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    ListOffsetsResult result =
        admin.listOffsets(
            partitions.stream().collect(Collectors.toMap(p -> p, _ -> spec)),
            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      offsets.put(partition, result.partitionResult(partition).get().offset());
    }
    return offsets;
  }

  /** By trigger; a group that doesn't exist has committed nothing. */
  private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(
      Collection<TopicTrigger> triggers) throws ExecutionException, InterruptedException {
    if (triggers.isEmpty()) {
      return Map.of();
    }
    ListConsumerGroupOffsetsResult result =
        admin.listConsumerGroupOffsets(
            triggers.stream()
                .collect(
                    Collectors.toMap(
                        trigger -> TriggerNode.group(trigger.getName()),
                        _ -> new ListConsumerGroupOffsetsSpec())));
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
    for (TopicTrigger trigger : triggers) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      result
          .partitionsToOffsetAndMetadata(TriggerNode.group(trigger.getName()))
          .get()
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  offsets.put(partition, offset);
                }
              });
      committed.put(trigger.getName(), offsets);
    }
    return committed;
  }

  private <T> CompletionStage<T> ask(Callable<T> question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return question.call();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The node is being stopped", RETRY_AFTER, e);
          } catch (ExecutionException | KafkaException e) {
            throw new Unavailable("Kafka can't tell of topics and groups now", RETRY_AFTER, e);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        executor);
  }
}
