package io.stepstream.dev.progress;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The history of an Express execution, which the API doesn't offer, from its topic. Not thread
 * safe.
 */
public final class ExpressHistory implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RecordCodec<HistoryRecord> codec;
  private final String nameInArn;

  /**
   * Begins at the topic's end, so it is opened before the execution is started.
   *
   * @param executionName the execution's name, which nobody else uses
   */
  public ExpressHistory(String bootstrapServers, String executionName) {
    String topic = LaneTopics.of(Lane.EXPRESS).history();
    this.nameInArn = ":" + executionName + ":";
    this.codec = WireCodec.forTopic(HistoryRecord.class, topic, SchemaRegistry.bundled());
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /** The events since the last call, in order; waits at most that long for the first. */
  public List<HistoryStep> next(Duration longest) {
    List<HistoryStep> steps = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(longest)) {
      switch (codec.decode(consumed.value())) {
        case Decoded.Read<HistoryRecord>(HistoryRecord transition) -> {
          if (transition.getExecutionArn().contains(nameInArn)) {
            // Only the API opens what is sealed.
            SealedFields.strip(transition);
            transition.getEvents().forEach(event -> steps.add(step(event)));
          }
        }
        case Decoded.Unreadable<HistoryRecord> _ -> {
          // Somebody else's garbage on the topic; the display does without it.
        }
      }
    }
    return steps;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static HistoryStep step(HistoryEvent event) {
    HistoryEventDetails details = event.getDetails();
    return new HistoryStep(
        event.getId(),
        event.getPreviousEventId(),
        event.getTimestamp(),
        event.getType().name(),
        details == null ? null : details.getName(),
        details == null || details.getIndex() == null ? -1 : details.getIndex(),
        details == null || details.getLength() == null ? -1 : details.getLength(),
        details == null ? null : details.getError(),
        details == null ? null : details.getCause(),
        details == null ? null : text(details.getOutput()));
  }

  private static @Nullable String text(@Nullable ByteBuffer json) {
    return json == null ? null : StandardCharsets.UTF_8.decode(json.duplicate()).toString();
  }
}
