package io.stepstream.worker;

/**
 * How a worker acquires its orders. Workers of one queue must agree: the two kinds can't share a
 * group.
 */
public enum TaskSourceKind {
  /**
   * A share group (brokers from 4.2): orders are locked one by one, counted per delivery, and any
   * number of workers share a partition.
   */
  SHARE_GROUP,
  /**
   * A classic consumer group, for older brokers: a slow task holds back the commit of its
   * partition, more workers than partitions idle, and deliveries aren't counted.
   */
  CONSUMER_GROUP
}
