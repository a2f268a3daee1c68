package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * What a step may write at once, so that no topic refuses it: a refusal would end the stream thread
 * and come back with the record that led to it, for ever (INV-33).
 *
 * <p>Nearly all that an execution is made of is bounded one by one, by AWS's limits. What is not,
 * such as texts of a definition in each order, is caught here.
 */
final class RecordSizes {

  /** For keys and headers, for the batch, and for what compression adds to random bytes. */
  private static final int ROOM = 32 * 1024;

  private RecordSizes() {}

  /**
   * @param sink where the record is forwarded to
   * @param key of the record; of a task order the queue
   * @return why the record can't be sent; null: it can
   */
  static @Nullable String excess(String sink, Object key, byte[] value) {
    return switch (sink) {
      case Outputs.TASKS -> excess("An order to a worker", value, Topics.orderBytes((String) key));
      case Outputs.COMPLETIONS ->
          excess("What is told of its end", value, Topics.ONE_PAYLOAD_BYTES);
      case Outputs.EXECUTION_LOGS -> excess("An entry of its log", value, Topics.ONE_PAYLOAD_BYTES);
      case Outputs.STATUS_CHANGES ->
          excess("What is told of its status", value, Topics.ONE_PAYLOAD_BYTES);
      case Outputs.ABANDONED ->
          excess("What workers are told of a task", value, Topics.ONE_PAYLOAD_BYTES);
      case Outputs.HISTORY -> excess("A record of its history", value, Topics.MAX_RECORD_BYTES);
      case Outputs.MESSAGES ->
          excess("A message to another execution", value, Topics.MAX_RECORD_BYTES);
      default -> throw new IllegalArgumentException("no sink of a step: " + sink);
    };
  }

  /** As {@link #excess(String, Object, byte[])}, of a value that is stored. */
  static @Nullable String excess(byte[] value) {
    return excess("A value of its state", value, Topics.MAX_RECORD_BYTES);
  }

  private static @Nullable String excess(String what, byte[] value, int topicTakes) {
    int most = topicTakes - ROOM;
    return value.length <= most
        ? null
        : "%s has %d bytes, more than the %d that there is room for"
            .formatted(what, value.length, most);
  }
}
