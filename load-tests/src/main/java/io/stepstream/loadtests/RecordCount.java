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

  private static final String COMMIT_INTERVAL = "commit.interval.ms";

  /** Of the Express lane, the longest of those that flush rows. */
  private static final long COMMIT_INTERVAL_MILLIS = 5_000;

  private static final int ATTEMPTS = 10;

  private final Admin admin;

  /** Longer than a commit interval: what a commit flushes must be there. */
  private final Duration quiet;

  RecordCount(Admin admin) {
    this(admin, Map.of());
  }

  /**
   * @param streams settings of Kafka Streams that override the coordinator's
   */
  RecordCount(Admin admin, Map<String, String> streams) {
    this.admin = admin;
    String interval = streams.get(COMMIT_INTERVAL);
    this.quiet =
        Duration.ofMillis(
            (interval == null ? COMMIT_INTERVAL_MILLIS : Long.parseLong(interval)) + 500);
  }

  /**
   * The ends when nothing is written any more. Some pipelines write a little even when they have
   * nothing to do, so after a while any ends will do.
   */
  EndOffsets settled(Predicate<String> topics) throws InterruptedException {
    EndOffsets last = now(topics);
    for (int i = 0; i < ATTEMPTS; i++) {
      LockSupport.parkNanos(quiet.toNanos());
      EndOffsets ends = now(topics);
      if (ends.equals(last)) {
        return ends;
      }
      last = ends;
    }
    return last;
  }

  EndOffsets now(Predicate<String> topics) throws InterruptedException {
    try {
      List<String> names = admin.listTopics().names().get().stream().filter(topics).toList();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
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
                              latest.put(
                                  new TopicPartition(name, partition.partition()),
                                  OffsetSpec.latest())));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest)
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return new EndOffsets(ends);
    } catch (ExecutionException e) {
      throw new BenchFailure("The records can't be counted: " + e.getCause().getMessage(), e);
    }
  }

  /**
   * Records per execution.
   *
   * @throws BenchFailure if there were no executions
   */
  static double perExecution(EndOffsets before, EndOffsets after, long executions) {
    if (executions < 1) {
      throw new BenchFailure("No execution ended, so there is nothing to divide by");
    }
    return (double) (after.total() - before.total()) / executions;
  }
}
