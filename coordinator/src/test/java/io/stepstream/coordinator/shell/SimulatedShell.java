package io.stepstream.coordinator.shell;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.store.RowJournals;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

/** Lends the shell to simulations: its processor, and where its sinks lead. */
public final class SimulatedShell {

  /** A record for a topic; partition -1: any. */
  public record Routed(
      String topic, int partition, byte[] key, byte[] value, Headers headers, long timestamp) {}

  private SimulatedShell() {}

  /**
   * The processor of a partition as the topology makes it.
   *
   * @param nanoClock by which budgets of time are spent
   */
  public static Processor<byte[], byte[], Object, byte[]> processor(
      LaneSettings lane,
      LaneCodecs codecs,
      Definitions definitions,
      CommitPacing pacing,
      PendingReplies replies,
      StepCounters counters,
      RowJournals journals,
      TaskWorld world,
      LongSupplier nanoClock) {
    return new ExecutionProcessor(
        lane,
        codecs,
        definitions,
        new TaskRoutes(),
        pacing,
        replies,
        new Admission(nanoClock),
        counters,
        new TickBudget(nanoClock),
        journals,
        world);
  }

  /** Where a record that was forwarded to a sink comes out, as {@link Outputs} wires it. */
  public static Routed route(LaneTopics topics, Record<?, ?> record, String sink) {
    return switch (sink) {
      case Outputs.HISTORY -> {
        HistoryKey key = (HistoryKey) record.key();
        yield routed(topics.historyOf(key.execution()), key.partition(), key.bytes(), record);
      }
      case Outputs.TASKS -> routed(Topics.tasks((String) record.key()), -1, null, record);
      case Outputs.MESSAGES -> {
        Receiver receiver = (Receiver) record.key();
        yield routed(
            LaneTopics.of(ExecutionArns.laneOf(receiver.key().arn())).peer(),
            receiver.partition(),
            Outputs.utf8(receiver.key().arn()),
            record);
      }
      case Outputs.COMPLETIONS -> routed(Topics.COMPLETIONS, -1, arn(record), record);
      case Outputs.EXECUTION_LOGS -> routed(Topics.EXECUTION_LOGS, -1, arn(record), record);
      case Outputs.STATUS_CHANGES -> routed(Topics.STATUS_CHANGES, -1, arn(record), record);
      case Outputs.ABANDONED -> routed(Topics.ABANDONED, -1, arn(record), record);
      case Outputs.REPLIES ->
          routed(topics.replies(), -1, Outputs.utf8((String) record.key()), record);
      case Outputs.DEAD_LETTERS -> routed(Topics.DLQ, -1, (byte[]) record.key(), record);
      default -> throw new IllegalArgumentException("no sink of executions: " + sink);
    };
  }

  /** As it stands in history records. */
  public static io.stepstream.schemas.HistoryEvent event(HistoryEvent event) {
    return HistoryMapper.event(event);
  }

  private static byte[] arn(Record<?, ?> record) {
    return Outputs.utf8(((ExecutionKey) record.key()).arn());
  }

  private static Routed routed(String topic, int partition, byte[] key, Record<?, ?> record) {
    return new Routed(
        topic, partition, key, (byte[]) record.value(), record.headers(), record.timestamp());
  }
}
