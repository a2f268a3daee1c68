package io.stepstream.loadtests.faults;

import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows what is committed while the run goes on, as a downstream system would: when each
 * partition made progress, and which executions have ended. Thread safe.
 */
final class Tail implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RecordCodec<ExecutionCompleted> completions =
      Reading.codec(ExecutionCompleted.class, Topics.COMPLETIONS);
  private final String history = LaneTopics.of(Lane.STANDARD).history();
  private final RecordCodec<HistoryRecord> histories = Reading.codec(HistoryRecord.class, history);
  private final Progress progress;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closing;

  private Tail(KafkaConsumer<byte[], byte[]> consumer, int partitions) {
    this.consumer = consumer;
    this.progress = new Progress(partitions);
    this.thread = Thread.ofPlatform().daemon().name("tail").unstarted(this::follow);
  }

  static Tail start(String bootstrapServers, int partitions) {
    Tail tail = new Tail(Reading.consumer(bootstrapServers), partitions);
    tail.consumer.assign(
        Reading.partitions(tail.consumer, List.of(tail.history, Topics.COMPLETIONS)));
    tail.consumer.seekToBeginning(tail.consumer.assignment());
    tail.thread.start();
    return tail;
  }

  private void follow() {
    try (consumer) {
      while (!closing) {
        try {
          consumer.poll(POLL).forEach(this::take);
        } catch (WakeupException _) {
          // It is closing.
        } catch (KafkaException _) {
          // All brokers may be away: it goes on where it was.
        }
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(history)) {
      progress.progressed(record.partition(), System.nanoTime());
      HistoryRecord transition = Reading.value(histories, record);
      if (transition != null) {
        begun.add(transition.getExecutionArn());
      }
    } else {
      ExecutionCompleted completed = Reading.value(completions, record);
      if (completed != null) {
        ended.add(
            completed.getLane() == Lane.STANDARD
                ? completed.getExecutionArn()
                : key(completed.getStateMachineArn(), completed.getName()));
      }
    }
  }

  private static String key(String stateMachineArn, String name) {
    return stateMachineArn + ":" + name;
  }

  /**
   * As {@link Progress#longestGap}.
   *
   * @param from by {@link System#nanoTime}, as {@code to}; what is still to come is left out
   */
  Progress.Gap longestGap(long from, long to) {
    long now = System.nanoTime();
    return progress.longestGap(from, to - now > 0 ? now : to);
  }

  /** Whether its completion is committed. */
  boolean hasEnded(Start start) {
    String arn = start.arn();
    return ended.contains(arn == null ? key(start.stateMachineArn(), start.name()) : arn);
  }

  /** Whether there is any of its history; of Standard executions. */
  boolean hasBegun(Start start) {
    String arn = start.arn();
    return arn != null && begun.contains(arn);
  }

  int endedCount() {
    return ended.size();
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
