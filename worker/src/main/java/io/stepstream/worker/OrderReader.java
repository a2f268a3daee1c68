package io.stepstream.worker;

import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Turns records into orders and refuses those that no result could be given to. */
final class OrderReader {

  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private final RecordCodec<TaskOrder> codec;
  private final PartitionCounts inboxes;

  OrderReader(RecordCodec<TaskOrder> codec, PartitionCounts inboxes) {
    this.codec = codec;
    this.inboxes = inboxes;
  }

  /**
   * Reads a record. May ask the cluster for a topic's partitions at the first sight of the topic.
   *
   * @throws RuntimeException if a registry or the cluster gave no usable answer: try again
   */
  Decoded<TaskOrder> read(ConsumerRecord<byte[], byte[]> record) {
    Decoded<TaskOrder> decoded = codec.decode(record.value());
    if (decoded instanceof Decoded.Read<TaskOrder>(TaskOrder order)) {
      String problem = problem(order);
      if (problem != null) {
        return new Decoded.Unreadable<>(problem);
      }
    }
    return decoded;
  }

  private @Nullable String problem(TaskOrder order) {
    if (!order.getExecutionArn().startsWith("arn:")) {
      return "executionArn isn't an ARN";
    }
    if (order.getResource().isBlank()) {
      return "resource is empty";
    }
    if (!TOPIC.matcher(order.getInboxTopic()).matches()) {
      return "inboxTopic isn't the name of a topic";
    }
    int partitions = inboxes.count(order.getInboxTopic());
    if (partitions == 0) {
      return "inboxTopic '" + order.getInboxTopic() + "' doesn't exist";
    }
    if (order.getInboxPartition() < 0 || order.getInboxPartition() >= partitions) {
      return "inboxPartition %d isn't one of the %d of '%s'"
          .formatted(order.getInboxPartition(), partitions, order.getInboxTopic());
    }
    return null;
  }
}
