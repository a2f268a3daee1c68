package io.stepstream.coordinator.reply;

import io.stepstream.schemas.CommandReply;

/** Lends what a node does with another node's answers to simulations. */
public final class SimulatedReplies {

  private SimulatedReplies() {}

  /** As {@link ReplyListener} does with each record. */
  public static void take(PendingReplies calls, CommandReply answer) {
    Reply reply = ReplyRecords.reply(answer);
    if (reply != null) {
      calls.complete(answer.getReplyTo(), reply);
    }
  }
}
