package io.stepstream.coordinator.reply;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ReplyTo;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The calls of this node that wait for an answer. Thread safe. */
public final class PendingReplies {

  /** Bounds the calls that wait at once: beyond it a node is overloaded and says so. */
  private static final int MAX_WAITING = 20_000;

  private final String nodeId;

  /**
   * Ids go on from a random number: a node keeps its name when it restarts, and commands of its
   * former life which are repeated then must not answer calls of this one.
   */
  private final AtomicLong nextCorrelationId = new AtomicLong(new SecureRandom().nextLong());

  private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

  /** Ids of calls that may end at any moment. */
  private final Set<Long> idle = ConcurrentHashMap.newKeySet();

  public PendingReplies(String nodeId) {
    this.nodeId = nodeId;
  }

  /** A call that waits, and the address to put into its command. */
  public record Call(ReplyTo replyTo, CompletableFuture<Reply> reply) {}

  /**
   * @param timeout after which the call fails with a {@link TimeoutException}
   * @throws Unavailable when too many wait already
   */
  public Call open(Duration timeout) {
    if (waiting.size() >= MAX_WAITING) {
      throw new Unavailable(
          "Too many calls wait for an answer on this node", Duration.ofSeconds(1));
    }
    long id = nextCorrelationId.incrementAndGet();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    CompletableFuture<Reply> bounded =
        reply
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> waiting.remove(id));
    return new Call(new ReplyTo(nodeId, id), bounded);
  }

  /** As {@link #open}, of a call that {@link #endIdle} may end: nothing is lost with it. */
  public Call openIdle(Duration timeout) {
    Call call = open(timeout);
    long id = call.replyTo().getCorrelationId();
    idle.add(id);
    call.reply().whenComplete((_, _) -> idle.remove(id));
    return call;
  }

  /** Ends the calls that wait for something to do, as if their time was up. */
  public void endIdle() {
    for (long id : idle) {
      CompletableFuture<Reply> call = waiting.remove(id);
      if (call != null) {
        call.completeExceptionally(new TimeoutException("the node stops"));
      }
    }
  }

  /** Ends all calls with {@link Unavailable}: nobody will be here to take their answers. */
  public void refuse() {
    for (long id : waiting.keySet()) {
      CompletableFuture<Reply> call = waiting.remove(id);
      if (call != null) {
        call.completeExceptionally(
            new Unavailable(
                "This node stops before there is an answer; it may have taken effect",
                Duration.ofSeconds(1)));
      }
    }
  }

  /** How many calls wait. */
  public int size() {
    return waiting.size();
  }

  /** Whether the call waits on this node. */
  public boolean isHere(ReplyTo replyTo) {
    return replyTo.getNodeId().equals(nodeId);
  }

  /** Nobody waits for the call's answer any more. */
  public void giveUp(Call call) {
    waiting.remove(call.replyTo().getCorrelationId());
  }

  /** Whether the call is one of this node and has got its answer, or has given up. */
  public boolean isOver(ReplyTo replyTo) {
    return isHere(replyTo) && !waiting.containsKey(replyTo.getCorrelationId());
  }

  /** Answers a call of this node; calls of other nodes and calls that gave up are passed over. */
  public void complete(ReplyTo replyTo, Reply reply) {
    if (isHere(replyTo)) {
      CompletableFuture<Reply> call = waiting.remove(replyTo.getCorrelationId());
      if (call != null) {
        call.complete(reply);
      }
    }
  }
}
