package io.stepstream.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** How many partitions a topic has. */
@FunctionalInterface
interface PartitionCounts {

  /**
   * 0 if there is no such topic.
   *
   * @throws KafkaException if the cluster didn't answer
   */
  int count(String topic);

  /**
   * Asks the cluster, once per topic that exists. An inbox is never given more partitions (growth
   * makes new topics), so an answer about one stays true.
   */
  static PartitionCounts of(Admin admin) {
    Map<String, Integer> known = new ConcurrentHashMap<>();
    return topic -> {
      Integer cached = known.get(topic);
      if (cached != null) {
        return cached;
      }
      int count = ask(admin, topic);
      if (count > 0) {
        known.put(topic, count);
      }
      return count;
    };
  }

  private static int ask(Admin admin, String topic) {
    try {
      return admin
          .describeTopics(List.of(topic))
          .topicNameValues()
          .get(topic)
          .get()
          .partitions()
          .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw new KafkaException("The cluster didn't tell the partitions of " + topic, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
