package io.stepstream.schemas.topic;

/**
 * What a cluster's operator decides about the topics.
 *
 * @param partitions of every topic that executions are spread over. Once topics exist it becomes
 *     another only by a growth, {@link Generations}: the state of running executions is bound to
 *     it. About four times the coordinator threads to be expected ever; each costs two RocksDB
 *     instances.
 * @param queuePartitions of a new task queue. More than the workers' demand only costs transaction
 *     markers, since a share group's members share partitions.
 * @param replicationFactor of new topics
 * @param minInsyncReplicas of new topics; replication factor minus one tolerates a broker's loss
 */
public record TopicLayout(
    int partitions, int queuePartitions, int replicationFactor, int minInsyncReplicas) {

  public TopicLayout {
    if (partitions < 1 || queuePartitions < 1) {
      throw new IllegalArgumentException("A topic has at least one partition");
    }
    if (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE) {
      throw new IllegalArgumentException("No replication factor: " + replicationFactor);
    }
    if (minInsyncReplicas < 1 || minInsyncReplicas > replicationFactor) {
      throw new IllegalArgumentException(
          "min.insync.replicas must be between 1 and the replication factor %d, not %d"
              .formatted(replicationFactor, minInsyncReplicas));
    }
  }

  /** One broker, a few threads. */
  public static TopicLayout singleBroker() {
    return new TopicLayout(8, 4, 1, 1);
  }

  /** Three brokers or more. 48 is divisible by 2, 3, 4, 6, 8 and 12 nodes. */
  public static TopicLayout cluster() {
    return new TopicLayout(48, 12, 3, 2);
  }
}
