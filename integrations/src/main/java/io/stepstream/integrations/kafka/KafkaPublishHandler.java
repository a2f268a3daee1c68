package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code arn:aws:states:::kafka:publish}: appends a record to a topic, at least once. Two
 * headers let consumers drop what a repeated attempt has appended again.
 */
@Singleton
public final class KafkaPublishHandler implements TaskHandler {

  private static final Set<String> ARGUMENTS =
      Set.of(
          "Connection",
          "Topic",
          "Key",
          "KeyFormat",
          "KeySchemaId",
          "Value",
          "ValueFormat",
          "ValueSchemaId",
          "Headers",
          "Partition",
          "Timestamp");

  private final KafkaConnections connections;

  @Inject
  public KafkaPublishHandler(KafkaConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<String> serves() {
    return List.of("arn:aws:states:::kafka:publish");
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    KafkaArguments arguments = KafkaArguments.of(input, ARGUMENTS, "kafka:publish");
    String topic = arguments.topic();
    if (arguments.get("Value") == null) {
      throw KafkaArguments.refused(
          "The argument 'Value' is missing; null is a record without a value.");
    }
    OptionalLong partition = arguments.number("Partition", 0, Integer.MAX_VALUE);
    OptionalLong timestamp = arguments.moment("Timestamp");
    KafkaConnection connection = connections.find(arguments.connection());
    connection.requireAllowed(topic);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            partition.isPresent() ? (int) partition.getAsLong() : null,
            timestamp.isPresent() ? timestamp.getAsLong() : null,
            bytes(arguments, "Key", connection),
            bytes(arguments, "Value", connection),
            headers(arguments, context));
    return result(send(connection, record));
  }

  private static RecordMetadata send(
      KafkaConnection connection, ProducerRecord<byte[], byte[]> record)
      throws InterruptedException {
    // The producer would look for what isn't there until its time is over.
    int partitions = connection.partitionsLately(record.topic());
    if (record.partition() != null && record.partition() >= partitions) {
      partitions = connection.partitions(record.topic());
      if (record.partition() >= partitions) {
        throw KafkaErrors.failure(
            new UnknownTopicOrPartitionException(
                "The topic '%s' has %d partitions.".formatted(record.topic(), partitions)));
      }
    }
    try {
      return KafkaErrors.get(KafkaErrors.of(() -> connection.producer().send(record)));
    } catch (TaskFailedException e) {
      connection.forget(record.topic());
      throw e;
    }
  }

  private static byte @Nullable [] bytes(
      KafkaArguments arguments, String name, KafkaConnection connection) {
    JsonNode given = arguments.get(name);
    if (given == null) {
      return null;
    }
    Encoding encoding =
        arguments.encoding(name, connection).orElse(given.isTextual() ? Format.TEXT : Format.JSON);
    try {
      return encoding.encode(given);
    } catch (Encoding.Unreadable e) {
      throw KafkaArguments.refused("The argument '%s' is %s.".formatted(name, e.getMessage()));
    }
  }

  private static Headers headers(KafkaArguments arguments, TaskContext context) {
    RecordHeaders headers = GivenHeaders.of(arguments);
    headers.add(GivenHeaders.EXECUTION, context.executionArn().getBytes(StandardCharsets.UTF_8));
    headers.add(
        GivenHeaders.IDEMPOTENCY_KEY, context.idempotencyKey().getBytes(StandardCharsets.UTF_8));
    return headers;
  }

  private static JsonNode result(RecordMetadata appended) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("Topic", appended.topic());
    result.put("Partition", appended.partition());
    result.put("Offset", appended.offset());
    result.put("Timestamp", Instant.ofEpochMilli(appended.timestamp()).toString());
    return result;
  }
}
