package io.stepstream.coordinator.reply;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.EndedExecution;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the answers that other nodes give to this node's calls from the replies topics.
 *
 * <p>A node reads one partition of each, which its id leads to, from the end at its start: older
 * answers are for a former life. Nodes may share a partition, and pass over what is not theirs.
 */
public final class ReplyListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyListener.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final List<String> topics;
  private final String nodeId;
  private final RecordCodec<CommandReply> codec;
  private final PayloadKeys keys;
  private final PendingReplies calls;
  private final TopicReader reader;
  private final CompletableFuture<Void> listening = new CompletableFuture<>();

  /** Where to go on after a failure; empty until all first positions are known. */
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  /**
   * A listener which reads when {@link #start} is called.
   *
   * @param consumers make a consumer that reads committed records only and assigns nothing itself
   */
  public ReplyListener(
      List<String> topics,
      String nodeId,
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<CommandReply> codec,
      PayloadKeys keys,
      PendingReplies calls) {
    this.keys = keys;
    this.topics = List.copyOf(topics);
    this.nodeId = nodeId;
    this.codec = codec;
    this.calls = calls;
    this.reader =
        new TopicReader("stepstream-replies", topics.toString(), consumers, this::readFrom);
  }

  /** The partition of a node's answers. Part of the format: all releases must agree. */
  public static int partition(String nodeId, int partitions) {
    return Math.floorMod(nodeId.hashCode(), partitions);
  }

  public void start() {
    reader.start();
  }

  /** Waits until no answer can be missed any more; false when time is up. */
  public boolean awaitListening(Duration timeout) throws InterruptedException {
    try {
      listening.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }

  private void readFrom(Consumer<byte[], byte[]> opened) {
    List<TopicPartition> own =
        topics.stream()
            .map(
                topic ->
                    new TopicPartition(
                        topic, partition(nodeId, opened.partitionsFor(topic).size())))
            .toList();
    opened.assign(own);
    if (positions.isEmpty()) {
      positions.putAll(opened.endOffsets(own));
    }
    positions.forEach(opened::seek);
    listening.complete(null);
    while (reader.isOpen()) {
      opened.poll(POLL).forEach(this::take);
      own.forEach(partition -> positions.put(partition, opened.position(partition)));
    }
  }

  private @Nullable Reply opened(CommandReply answer) {
    SealProblem problem =
        answer.getBody() instanceof EndedExecution ended
            ? SealedFields.open(ended, keys, ended.getExecutionArn())
            : null;
    return problem == null ? ReplyRecords.reply(answer) : new Reply.Refused(problem.reason());
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    switch (codec.decode(record.value())) {
      case Decoded.Read<CommandReply>(CommandReply answer) -> {
        Reply reply = opened(answer);
        if (reply != null) {
          calls.complete(answer.getReplyTo(), reply);
        }
      }
      // Its call runs into its timeout; there is nothing in an answer that could be made good.
      case Decoded.Unreadable<CommandReply>(String reason) ->
          LOG.warn("The answer at {} offset {}: {}", record.topic(), record.offset(), reason);
    }
  }
}
