package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;

/**
 * The wire formats of a lane's topics. Thread safe.
 *
 * @param otherPeer of the other lane's peer topic: a Standard execution may have Express children
 * @param seals seal what is written and open what is read
 */
public record LaneCodecs(
    WireCodec<Envelope> inbox,
    WireCodec<Envelope> peer,
    WireCodec<Envelope> otherPeer,
    WireCodec<HistoryRecord> history,
    WireCodec<HistoryRecord> childHistory,
    WireCodec<TaskOrder> tasks,
    WireCodec<ExecutionCompleted> completions,
    WireCodec<StartExecution> starts,
    WireCodec<CommandReply> replies,
    WireCodec<TaskAbandoned> abandoned,
    Seals seals) {

  /**
   * Every queue has a topic of its own but all carry one record type, so one subject serves them.
   */
  private static final String TASKS_SUBJECT = "stepstream.tasks";

  public static LaneCodecs of(LaneTopics topics, SchemaRegistry registry, Seals seals) {
    LaneCodecs codecs =
        new LaneCodecs(
            WireCodec.forTopic(Envelope.class, topics.inbox(), registry),
            WireCodec.forTopic(Envelope.class, topics.peer(), registry),
            WireCodec.forTopic(Envelope.class, topics.otherLane().peer(), registry),
            WireCodec.forTopic(HistoryRecord.class, topics.history(), registry),
            WireCodec.forTopic(HistoryRecord.class, topics.childHistory(), registry),
            WireCodec.forTopic(TaskOrder.class, TASKS_SUBJECT, registry),
            WireCodec.forTopic(ExecutionCompleted.class, Topics.COMPLETIONS, registry),
            WireCodec.forTopic(StartExecution.class, Topics.START_EXECUTION, registry),
            WireCodec.forTopic(CommandReply.class, topics.replies(), registry),
            WireCodec.forTopic(TaskAbandoned.class, Topics.ABANDONED, registry),
            seals);
    codecs.inbox().register();
    codecs.peer().register();
    codecs.otherPeer().register();
    codecs.history().register();
    codecs.childHistory().register();
    codecs.tasks().register();
    codecs.completions().register();
    codecs.replies().register();
    codecs.abandoned().register();
    return codecs;
  }

  /** Of the topic that has an execution's history. */
  WireCodec<HistoryRecord> historyOf(ExecutionKey execution) {
    return ExecutionKey.isChild(execution.arn()) ? childHistory : history;
  }
}
