package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.store.RowJournals;
import io.stepstream.coordinator.store.RowStores;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/**
 * The one topology of both lanes.
 *
 * <pre>
 *   inbox ──┐                      ┌─> history
 *           ├─> executions ────────┼─> tasks of a queue
 *   peer ───┘   (two stores)       ├─> peer of either lane (parts of Map runs)
 *                                  ├─> completions, changes of status, logs
 *                                  ├─> replies to calls on other nodes
 *                                  └─> dead letters
 *   starts ───> ingress ──┬─> peer
 *                         └─> dead letters
 * </pre>
 *
 * <p>Inbox and peer are two topics since a reader of committed records stops at the oldest open
 * transaction: one coordinator's transaction in the inbox would hold back every command and result
 * behind it.
 */
public final class CoordinatorTopology {

  private static final String COMMANDS = "commands";
  private static final String STARTS = "starts";
  private static final String EXECUTIONS = "executions-processor";
  private static final String INGRESS = "start-ingress";

  /** A copy of a store that is older than this may miss deletions. */
  public static final Duration DELETIONS_KEPT = Duration.ofDays(1);

  /**
   * Small segments and an early cleaner: what restoration reads is the live rows and little else.
   */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          "segment.ms",
          "3600000",
          "delete.retention.ms",
          Long.toString(DELETIONS_KEPT.toMillis()),
          "min.cleanable.dirty.ratio",
          "0.2",
          // The variables of a frame are one row, larger than the brokers' default allows.
          "max.message.bytes",
          Integer.toString(Topics.MAX_RECORD_BYTES));

  /** Of all partitions and stores of a lane together, if one node has them all. */
  private static final int BUFFERED_BYTES = 64 << 20;

  private CoordinatorTopology() {}

  public static Topology build(
      LaneSettings lane,
      LaneCodecs codecs,
      Definitions definitions,
      TaskRoutes routes,
      CommitPacing pacing,
      PendingReplies replies,
      Admission admission,
      StepCounters counters,
      TaskWorld world) {
    LaneTopics topics = lane.topics();
    Topology topology = new Topology();
    TickBudget budget = new TickBudget(System::nanoTime);
    RowJournals journals = new RowJournals(pacing::awaitSent, pacing::mayBeReplaced);
    Outputs.addSource(topology, COMMANDS, topics.inbox(), topics.peer());
    topology.addProcessor(
        EXECUTIONS,
        () ->
            new ExecutionProcessor(
                lane,
                codecs,
                definitions,
                routes,
                pacing,
                replies,
                admission,
                counters,
                budget,
                journals,
                world),
        COMMANDS);
    int buffer = BUFFERED_BYTES / lane.generations().partitions() / 2;
    topology.addStateStore(RowStores.executions(CHANGELOG, buffer), EXECUTIONS);
    topology.addStateStore(RowStores.timers(CHANGELOG, buffer), EXECUTIONS);
    Outputs.addHistory(topology, topics, EXECUTIONS);
    Outputs.addTasks(topology, EXECUTIONS);
    Outputs.addMessages(topology, EXECUTIONS);
    Outputs.addTold(topology, EXECUTIONS);
    Outputs.addReplies(topology, topics.replies(), EXECUTIONS);

    Outputs.addSource(topology, STARTS, Topics.START_EXECUTION);
    topology.addProcessor(
        INGRESS, () -> new StartIngress(lane, codecs, definitions, pacing, counters), STARTS);
    Outputs.addPeer(topology, topics.peer(), INGRESS);
    Outputs.addDeadLetters(topology, Outputs.DEAD_LETTERS, EXECUTIONS);
    Outputs.addDeadLetters(topology, Outputs.START_DEAD_LETTERS, INGRESS);
    return topology;
  }
}
