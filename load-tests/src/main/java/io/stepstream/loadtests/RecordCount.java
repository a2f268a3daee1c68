package io.stepstream.loadtests;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Counts records by the end offsets of topics. An offset is a record or a transaction's marker. */
final class RecordCount {

  /** Longer than the longest commit interval: what a commit flushes must be there. */
  private static final Duration QUIET = Duration.ofMillis(1_500);

  private static final int ATTEMPTS = 10;

  private final Admin admin;

  RecordCount(Admin admin) {
    this.admin = admin;
  }

  /**
   * The number of records when nothing is written any more. Some pipelines write a little even when
   * they have nothing to do, so after a while any number will do.
   */
  long settled(Predicate<String> topics) throws InterruptedException {
    long last = now(topics);
    for (int i = 0; i < ATTEMPTS; i++) {
      LockSupport.parkNanos(QUIET.toNanos());
      long count = now(topics);
      if (count == last) {
        return count;
      }
      last = count;
    }
    return last;
  }

  long now(Predicate<String> topics) throws InterruptedException {
    try {
      List<String> names = admin.listTopics().names().get().stream().filter(topics).toList();
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      admin
          .describeTopics(names)
          .allTopicNames()
          .get()
          .forEach(
              (name, description) ->
                  description
                      .partitions()
                      .forEach(
                          partition ->
                              ends.put(
                                  new TopicPartition(name, partition.partition()),
                                  OffsetSpec.latest())));
      return total(
          admin.listOffsets(ends).all().get().values().stream().map(end -> end.offset()).toList());
    } catch (ExecutionException e) {
      throw new BenchFailure("The records can't be counted: " + e.getCause().getMessage(), e);
    }
  }

  static long total(List<Long> endOffsets) {
    return endOffsets.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Records per execution.
   *
   * @throws BenchFailure if there were no executions
   */
  static double perExecution(long before, long after, long executions) {
    if (executions < 1) {
      throw new BenchFailure("No execution ended, so there is nothing to divide by");
    }
    return (double) (after - before) / executions;
  }
}
