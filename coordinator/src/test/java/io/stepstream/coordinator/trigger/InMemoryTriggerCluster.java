package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.TopicTrigger;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Topics that a test makes, and how far triggers have come in them. */
public final class InMemoryTriggerCluster implements TriggerCluster {

  private final Map<String, List<Long>> topics = new ConcurrentHashMap<>();
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();
  private volatile @Nullable RuntimeException outage;

  public void create(String topic, Long... ends) {
    topics.put(topic, List.of(ends));
  }

  public void delete(String topic) {
    topics.remove(topic);
  }

  /** From now on every call fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /** What the first partition's reader of a trigger has committed. */
  void commit(String trigger, Progress committed) {
    progress.put(trigger, committed);
  }

  @Override
  public CompletionStage<Optional<List<Long>>> ends(String topic) {
    return outage != null
        ? CompletableFuture.failedFuture(outage)
        : CompletableFuture.completedFuture(Optional.ofNullable(topics.get(topic)));
  }

  @Override
  public CompletionStage<Map<String, TriggerStatus>> statuses(Collection<TopicTrigger> triggers) {
    if (outage != null) {
      return CompletableFuture.failedFuture(outage);
    }
    Map<String, TriggerStatus> statuses = new HashMap<>();
    for (TopicTrigger trigger : triggers) {
      List<Long> ends = topics.get(trigger.getTopic());
      statuses.put(
          trigger.getName(),
          ends == null
              ? new TriggerStatus(false, List.of())
              : new TriggerStatus(
                  true,
                  List.of(
                      TriggerStatus.Partition.of(
                          0,
                          trigger.getFrom().isEmpty() ? 0 : trigger.getFrom().getFirst(),
                          ends.getFirst(),
                          progress.getOrDefault(
                              trigger.getName(), Progress.none(trigger.getId()))))));
    }
    return CompletableFuture.completedFuture(statuses);
  }
}
