package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.trigger.TriggerStatus;
import io.stepstream.schemas.TopicTrigger;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** A trigger as its callers see it. */
final class TriggerAnswer {

  private TriggerAnswer() {}

  static ObjectNode of(TopicTrigger trigger, TriggerStatus status) {
    ObjectNode json = TriggerRequest.definition(trigger);
    json.put("creationDate", trigger.getCreationDate().toString());
    json.put("updateDate", trigger.getUpdateDate().toString());
    json.put("state", state(trigger, status));
    if (status.topicExists()) {
      json.put("lag", status.lag());
    }
    json.put("started", sum(status, TriggerStatus.Partition::started));
    json.put("filtered", sum(status, TriggerStatus.Partition::filtered));
    json.put("deadLettered", sum(status, TriggerStatus.Partition::deadLettered));
    json.put("missed", sum(status, TriggerStatus.Partition::missed));
    status.partitions().stream()
        .map(TriggerStatus.Partition::lastError)
        .filter(Objects::nonNull)
        .max(Comparator.comparing(TriggerStatus.LastError::at))
        .ifPresent(latest -> json.set("lastError", error(latest)));
    ArrayNode partitions = json.putArray("partitions");
    for (TriggerStatus.Partition partition : status.partitions()) {
      partitions
          .addObject()
          .put("partition", partition.number())
          .put("offset", partition.offset())
          .put("end", partition.end())
          .put("lag", partition.lag())
          .put("waiting", partition.waiting());
    }
    return json;
  }

  private static String state(TopicTrigger trigger, TriggerStatus status) {
    if (!status.topicExists()) {
      return "TOPIC_MISSING";
    }
    if (trigger.getPaused()) {
      return "PAUSED";
    }
    return status.waiting() ? "WAITING" : "RUNNING";
  }

  private static long sum(TriggerStatus status, ToLongFunction<TriggerStatus.Partition> count) {
    return status.partitions().stream().mapToLong(count).sum();
  }

  private static ObjectNode error(TriggerStatus.LastError error) {
    return TriggerRequest.JSON
        .createObjectNode()
        .put("at", error.at().toString())
        .put("detail", error.detail());
  }
}
