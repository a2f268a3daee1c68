package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.reply.ReplyRecords;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.EndedExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealedFields;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls behind commands, when what is told can no longer be undone: those of this node
 * after the commit, those of other nodes by a record in the same transaction.
 *
 * <p>Not thread safe: one per partition.
 */
final class Answers {

  private final PendingReplies calls;
  private final CommitPacing pacing;
  private final WireCodec<CommandReply> codec;
  private final ProcessorContext<Object, byte[]> context;

  Answers(
      PendingReplies calls,
      CommitPacing pacing,
      WireCodec<CommandReply> codec,
      ProcessorContext<Object, byte[]> context) {
    this.calls = calls;
    this.pacing = pacing;
    this.codec = codec;
    this.context = context;
  }

  /** Whether it is known that nobody waits for the answer; of other nodes' calls it is not. */
  boolean isUseless(@Nullable ReplyTo replyTo) {
    return replyTo == null || calls.isOver(replyTo);
  }

  /**
   * @param replyTo null: nobody waits
   */
  void give(@Nullable ReplyTo replyTo, Reply reply) {
    give(replyTo, reply, Seal.NONE);
  }

  /**
   * The same of an answer with payloads.
   *
   * @param seal of the execution that it tells of, for the way to another node
   */
  void give(@Nullable ReplyTo replyTo, Reply reply, Seal seal) {
    if (replyTo == null) {
      return;
    }
    if (calls.isHere(replyTo)) {
      pacing.reply(() -> calls.complete(replyTo, reply));
    } else {
      CommandReply record = ReplyRecords.record(replyTo, reply);
      if (record.getBody() instanceof EndedExecution ended) {
        SealedFields.seal(ended, seal, ended.getExecutionArn());
      }
      context.forward(
          new Record<>(replyTo.getNodeId(), codec.encode(record), context.currentSystemTimeMs()),
          Outputs.REPLIES);
      pacing.stepped(context);
    }
  }
}
