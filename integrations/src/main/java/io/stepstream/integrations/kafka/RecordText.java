package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record as a state sees it. */
record RecordText(Encoding key, Encoding value) {

  /** The arguments that say how. */
  static final Set<String> ARGUMENTS = Set.of("KeyFormat", "ValueFormat");

  /**
   * @param connection whose registry has the schemas of Avro
   */
  static RecordText of(KafkaArguments arguments, KafkaConnection connection) {
    return new RecordText(
        arguments.encoding("Key", connection).orElse(Format.TEXT),
        arguments.encoding("Value", connection).orElse(Format.JSON));
  }

  /**
   * JSON text in UTF-8.
   *
   * @throws TaskFailedException {@code Kafka.RecordDeserialization}: its bytes are not of the
   *     format
   */
  byte[] of(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("Partition", record.partition());
    json.put("Offset", record.offset());
    json.put("Timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    json.set("Key", decoded(record, "key", key, record.key()));
    json.set("Value", decoded(record, "value", value, record.value()));
    ObjectNode headers = json.putObject("Headers");
    for (Header header : record.headers()) {
      headers.set(header.key(), header(header.value()));
    }
    try {
      return JsonText.write(json);
    } catch (IOException e) {
      throw new IllegalStateException("a tree in memory can't be written", e);
    }
  }

  private static JsonNode decoded(
      ConsumerRecord<byte[], byte[]> record, String what, Encoding format, byte[] bytes) {
    try {
      return format.decode(bytes);
    } catch (Encoding.Unreadable e) {
      throw new TaskFailedException(
          "Kafka.RecordDeserialization",
          "The %s of the record at offset %d of partition %d of '%s' is %s; BASE64 takes any."
              .formatted(
                  what, record.offset(), record.partition(), record.topic(), e.getMessage()));
    }
  }

  /** As everywhere: text if the bytes are text, otherwise Base64. */
  private static JsonNode header(byte[] bytes) {
    try {
      return Format.TEXT.decode(bytes);
    } catch (Encoding.Unreadable _) {
      return JsonNodeFactory.instance.binaryNode(bytes);
    }
  }
}
