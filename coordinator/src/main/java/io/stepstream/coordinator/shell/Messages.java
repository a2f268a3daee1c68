package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What executions, shards and activities tell one another, in the transaction of the step that
 * tells it: over the peer topic of the receiver's lane, or within the partition.
 *
 * <p>Not thread safe: one per partition.
 */
final class Messages {

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final ProcessorContext<Object, byte[]> context;
  private final TimerRows timers;
  private final LongSupplier clock;
  private final int partition;
  private long stayed;

  /**
   * @param clock the partition's, which never goes back
   */
  Messages(
      LaneSettings lane,
      LaneCodecs codecs,
      ProcessorContext<Object, byte[]> context,
      TimerRows timers,
      LongSupplier clock) {
    this.lane = lane;
    this.codecs = codecs;
    this.context = context;
    this.timers = timers;
    this.clock = clock;
    this.partition = context.taskId().partition();
  }

  /** A message that is encoded and not yet sent. */
  record Message(Receiver receiver, boolean here, byte[] envelope) {}

  /** How many have stayed in the partition so far. */
  long stayed() {
    return stayed;
  }

  /**
   * @throws io.stepstream.schemas.sealing.KeyUnavailableException the receiver's key is not there
   */
  Message message(Envelope envelope) {
    ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
    return message(
        envelope, new Receiver(key, lane.generations().partition(key, envelope.getGeneration())));
  }

  private Message message(Envelope envelope, Receiver receiver) {
    codecs.seals().seal(envelope);
    boolean sameLane = ExecutionArns.laneOf(receiver.key().arn()) == lane.topics().lane();
    boolean here = sameLane && receiver.partition() == partition;
    WireCodec<Envelope> codec =
        here ? codecs.inbox() : sameLane ? codecs.peer() : codecs.otherPeer();
    return new Message(receiver, here, codec.encode(envelope));
  }

  /**
   * Sends what this partition does not know to where the next generation has it, in the order in
   * which it came. False: there is no other place.
   */
  boolean passOn(ExecutionKey key, Envelope envelope) {
    int next = lane.generations().next(key, partition);
    if (next == partition) {
      return false;
    }
    // At the last place nobody is left to ask, and the message cannot be passed on for ever.
    boolean last = next == lane.generations().latestPartition(key);
    envelope.setGeneration(last ? lane.generations().latest() : Generations.UNKNOWN);
    send(message(envelope, new Receiver(key, next)));
    return true;
  }

  void send(Envelope envelope) {
    send(message(envelope));
  }

  /**
   * What stays in the partition becomes a row that is due at once: in the order of sending for each
   * receiver, since the clock does not go back and the numbers grow.
   */
  void send(Message message) {
    if (message.here()) {
      timers.schedule(
          message.receiver().key().hash16(),
          stayed++,
          TimerRow.MESSAGE,
          clock.getAsLong(),
          message.envelope());
    } else {
      context.forward(
          new Record<>(message.receiver(), message.envelope(), clock.getAsLong()),
          Outputs.MESSAGES);
    }
  }
}
