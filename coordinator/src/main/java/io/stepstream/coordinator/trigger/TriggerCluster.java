package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.TopicTrigger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What Kafka tells of triggers. All stages complete exceptionally only with {@link
 * io.stepstream.coordinator.execution.Unavailable}.
 */
public interface TriggerCluster {

  /** The end of each partition; empty: there is no such topic. */
  CompletionStage<Optional<List<Long>>> ends(String topic);

  /** How far triggers have come, by their names. */
  CompletionStage<Map<String, TriggerStatus>> statuses(Collection<TopicTrigger> triggers);
}
